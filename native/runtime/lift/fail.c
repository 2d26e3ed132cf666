/* SPDX-License-Identifier: 0BSD
 *
 * What ends a lifted program.
 */
#include "lift.h"

NATIVE static void say(const char *text)
{
	long length = 0;
	while (text[length]) length++;
	hc_kernel_call(SYS_write, 2, (long)text, length, 0, 0, 0);
}

NATIVE static void say_address(uint64_t address)
{
	char digits[19] = "0x";
	int length = 2, shift = 60;
	while (shift && !(address >> shift)) shift -= 4;
	for (; shift >= 0; shift -= 4) digits[length++] = "0123456789abcdef"[address >> shift & 15];
	digits[length] = 0;
	say(digits);
}

NATIVE _Noreturn void hc_guest_fail(const char *what, uint64_t address, const char *way_out)
{
	say(what);
	say_address(address);
	say(way_out);
	for (;;) hc_kernel_call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
}

NATIVE static void raise(long signal)
{
	const long process = hc_kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
	hc_kernel_call(SYS_tgkill, process, hc_kernel_call(SYS_gettid, 0, 0, 0, 0, 0, 0), signal, 0, 0, 0);
}

/* As after a fault: a handler of the program may jump out. When it returns, or there is none, that is the end. */
NATIVE static _Noreturn void fault(long signal)
{
	const struct hc_sigaction action = {.handler = SIG_DFL};
	const uint64_t mask = SIGNAL_BIT(signal);
	raise(signal);
	hc_kernel_call(SYS_rt_sigaction, signal, (long)&action, 0, 8, 0, 0);
	hc_kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&mask, 0, 8, 0, 0);
	raise(signal);
	for (;;) hc_kernel_call(SYS_exit_group, 128 + signal, 0, 0, 0, 0, 0);
}

/* Division by zero, or a quotient that does not fit. */
LIFTED NATIVE _Noreturn void hc_guest_divide_error(uint64_t address)
{
	(void)address;
	fault(SIGFPE);
}

/* What has no meaning for a program. */
LIFTED NATIVE _Noreturn void hc_guest_illegal(uint64_t address)
{
	fault(hc_guest_illegal_signal(address));
}

/* An instruction that exists, but that hc-lift does not know. */
LIFTED NATIVE _Noreturn void hc_guest_unlifted(uint64_t address)
{
	hc_guest_fail("hc: hc-lift does not know the instruction at ", address, ", which the program has reached\n");
}
