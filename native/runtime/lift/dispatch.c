/* SPDX-License-Identifier: 0BSD
 *
 * From an address of the guest to the code made from it.
 */
#include "lift.h"

_Thread_local struct guest hc_guest;

/* Fibonacci hashing with linear probing; the lifter (Tables.cpp) fills the table by the same rule, and never fully. */
NATIVE static inline const struct lifted_code *look_up(uint64_t address)
{
	const uint64_t mask = (1UL << (64 - hc_guest_code_shift)) - 1;
	for (uint64_t i = address * LIFTED_CODE_MULTIPLIER >> hc_guest_code_shift;; i = (i + 1) & mask) {
		const struct lifted_code *code = &hc_guest_code[i];
		if ((code->address & ~LIFTED_RETURN_SITE) == address) return code;
		if (!code->address) return 0;
	}
}

static uint64_t missing(uint64_t address)
{
	if (address < hc_guest_code_begin || address >= hc_guest_code_end)
		hc_guest_fail("hc: the program went on at ", address,
		              ", which is no code of the executable: code that is made at run time (JIT) can't be lifted\n");
	hc_guest_fail("hc: the program went on at an address where hc-lift found no code: ", address,
	              "; lift it again with --entry and this address\n");
}

LIFTED NATIVE lifted_function *hc_guest_find(uint64_t address)
{
	const struct lifted_code *code = look_up(address);
	return code ? code->function : missing;
}

PORTABLE static struct lifted_result call_through_struct(uint64_t rsp, uint64_t rdi, uint64_t rsi, uint64_t rdx, uint64_t rcx,
                                                         uint64_t rax)
{
	const uint64_t address = hc_guest.called, expected = *(const uint64_t *)rsp;
	hc_guest.gpr[GUEST_RSP] = rsp;
	hc_guest.gpr[GUEST_RDI] = rdi;
	hc_guest.gpr[GUEST_RSI] = rsi;
	hc_guest.gpr[GUEST_RDX] = rdx;
	hc_guest.gpr[GUEST_RCX] = rcx;
	hc_guest.gpr[GUEST_RAX] = rax;
	const uint64_t next = hc_guest_find(address)(address);
	const uint64_t as_called = next == expected && hc_guest.gpr[GUEST_RSP] == rsp + 8;
	return (struct lifted_result){as_called ? 0 : next, hc_guest.gpr[GUEST_RAX]};
}

LIFTED NATIVE lifted_pointer *hc_guest_find_pointer(uint64_t address)
{
	const struct lifted_code *code = look_up(address);
	if (!code) missing(address);
	else if (code->pointer) return code->pointer;
	hc_guest.called = address;
	return call_through_struct;
}

/* A jump whose target is known now only: to a function, whose frame replaces the jumping one's; or into a function that
 * was left by a call and has to go on elsewhere (longjmp). That one is found by returning to it. */
LIFTED uint64_t hc_guest_jump(uint64_t address)
{
	const struct lifted_code *code = look_up(address);
	if (!code) __attribute__((musttail)) return missing(address);
	if (code->address & LIFTED_RETURN_SITE) return address;
	__attribute__((musttail)) return code->function(address);
}
