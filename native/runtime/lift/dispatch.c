/* SPDX-License-Identifier: 0BSD
 *
 * From an address of the guest to the code made from it.
 */
#include "lift.h"

_Thread_local struct guest hc_guest;

/* Fibonacci hashing with linear probing; the lifter (Tables.cpp) fills the table by the same rule, and never fully. */
NATIVE const struct lifted_code *hc_guest_look_up(uint64_t address)
{
	const uint64_t mask = (1UL << (64 - hc_guest_code_shift)) - 1;
	for (uint64_t i = address * LIFTED_CODE_MULTIPLIER >> hc_guest_code_shift;; i = (i + 1) & mask) {
		const struct lifted_code *code = &hc_guest_code[i];
		if ((code->address & ~LIFTED_RETURN_SITE) == address) return code;
		if (!code->address) return 0;
	}
}

uint64_t hc_guest_missing(uint64_t address)
{
	if (address < hc_guest_code_begin || address >= hc_guest_code_end)
		hc_guest_fail("hc: the program went on at ", address,
		              ", which is no code of the executable: code that is made at run time (JIT) can't be lifted\n");
	hc_guest_fail("hc: the program went on at an address where hc-lift found no code: ", address,
	              "; lift it again with --entry and this address\n");
}

LIFTED NATIVE lifted_function *hc_guest_find(uint64_t address)
{
	const struct lifted_code *code = hc_guest_look_up(address);
	return code ? code->function : hc_guest_missing;
}

/* A jump whose target is known now only: to a function, whose frame replaces the jumping one's; or into a function that
 * was left by a call and has to go on elsewhere (longjmp). That one is found by returning to it. */
LIFTED uint64_t hc_guest_jump(uint64_t address)
{
	const struct lifted_code *code = hc_guest_look_up(address);
	if (!code) __attribute__((musttail)) return hc_guest_missing(address);
	if (code->address & LIFTED_RETURN_SITE) return address;
	__attribute__((musttail)) return code->function(address);
}
