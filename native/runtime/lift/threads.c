/* SPDX-License-Identifier: 0BSD
 *
 * Threads of a lifted program. The program's own stack and thread-locals are memory that it brings; a thread of ours runs it,
 * with stacks and thread-locals of our own, among these its struct guest.
 */
#include "lift.h"

/* Ours says nothing of how deep calls get: the largest that programs usually have. */
#define STACK_SIZE (8UL << 20)

PORTABLE static long begin(uint64_t address)
{
	hc_guest_run(address);
}

/* As the calling thread's, but for what clone(2) changes. */
NATIVE static void fill_registers(uint64_t tp, uint64_t flags, uint64_t stack, uint64_t thread_pointer)
{
	struct guest *guest = (void *)(tp + ((uint64_t)&hc_guest - __hc_self->public.tp));
	*guest = hc_guest;
	hc_guest_begin_thread(guest, flags, stack, thread_pointer);
}

NATIVE long hc_guest_start_thread(uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid, uint64_t thread_pointer, uint64_t next)
{
	if (!hc_guest_ordered)
		hc_guest_fail("hc: the program makes a thread by the system call before ", next,
		              ", but hc-lift saw nothing that does; lift it again with --threads\n");
	struct hc_thread_block *block = __hc_new_thread(STACK_SIZE, hc_locals_size());
	if (!block) return -EAGAIN;
	const struct hc_thread_start start = {
		.flags = flags | CLONE_SETTLS, /* the kernel's thread pointer is ours */
		.function = (uint64_t)begin,
		.argument = next,
		.tp = hc_set_up_locals(block),
		.parent_tid = parent_tid,
		.child_tid = child_tid,
	};
	fill_registers(start.tp, flags, stack, thread_pointer);
	return __hc_start_thread(block, &start);
}

NATIVE _Noreturn void hc_guest_end_thread(long status)
{
	hc_guest_free_handler_stacks();
	hc_exit(status);
}
