/* SPDX-License-Identifier: 0BSD
 *
 * System calls of a lifted aarch64 program: they become canonical ones, on every machine. The table is the one by which the
 * canonical calls become those of an aarch64 kernel, read the other way.
 */
#include "conversions.h"

#include "lift.h"

struct row {
	short canonical_plus_1; /* 0: none, -ENOSYS */
	unsigned char conversion;
};

#define SAME(number, name, kernel) [kernel] = {number + 1, CONVERT_nothing},
#define CONVERT(number, name, kernel, conversion) [kernel] = {number + 1, CONVERT_##conversion},
#define INSTEAD(number, name, other, conversion, ...)
#define NONE(number, name)
static const struct row rows[] = {
#include "../../aarch64/syscall-table.h"
};

PORTABLE static long system_call(struct guest_call *call, uint64_t next)
{
	const int thread = call->number == GUEST_SYS_clone && (call->arguments[0] & CLONE_THREAD); /* not yet */
	if (thread || call->number >= sizeof rows / sizeof *rows || !rows[call->number].canonical_plus_1) {
		hc_trace_enosys((long)call->number);
		return -ENOSYS;
	}
	const struct row *row = &rows[call->number];
	const struct guest_conversion *conversion = &guest_conversions[row->conversion];
	for (int i = 0; i < 6; i++) call->canonical[i] = call->arguments[i];
	if (conversion->in) conversion->in(call);
	const long result = hc_guest_system_call(row->canonical_plus_1 - 1, call->canonical, next);
	return conversion->out ? conversion->out(call, result) : result;
}

/* clone(2): the child begins on a stack of its own. It has its parent's memory as a copy, whatever it asked for. */
NATIVE static void begin_child(long flags, uint64_t stack, uint64_t thread_pointer)
{
	if (stack) hc_guest.x[GUEST_STACK] = stack;
	if (flags & CLONE_SETTLS) hc_guest.tpidr = thread_pointer;
}

/* uname(2): the program's own machine, wherever it runs. */
NATIVE static void name_machine(char *names)
{
	static const char machine[] = "aarch64";
	for (size_t i = 0; i < sizeof machine; i++) names[4 * UNAME_FIELD + i] = machine[i];
}

/* Registers as the kernel takes them. */
LIFTED PORTABLE void hc_guest_syscall(uint64_t next)
{
	const uint64_t *x = hc_guest.x;
	struct guest_call call = {.number = x[8]};
	for (int i = 0; i < 6; i++) call.arguments[i] = (long)x[i];
	const long result = system_call(&call, next);
	if (call.number == GUEST_SYS_clone && !result)
		begin_child(call.arguments[0], (uint64_t)call.arguments[1], (uint64_t)call.arguments[3]);
	if (call.number == GUEST_SYS_uname && !result) name_machine((char *)call.arguments[0]);
	hc_guest.x[0] = (uint64_t)result;
}
