/* SPDX-License-Identifier: 0BSD
 *
 * Calls through pointers by code that has registers in values.
 */
#include "lift.h"

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
	const struct lifted_code *code = hc_guest_look_up(address);
	if (!code) hc_guest_missing(address);
	else if (code->pointer) return code->pointer;
	hc_guest.called = address;
	return call_through_struct;
}
