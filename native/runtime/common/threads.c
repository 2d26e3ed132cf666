/* SPDX-License-Identifier: 0BSD
 *
 * Threads begin and end. A block stays in hc_control's list for ever, for tools that read it while threads come and go; that
 * of a GONE thread is used again once the kernel knows the thread no more, which then has left its stack for good.
 */
#include "runtime.h"

static struct hc_thread_block *gone; /* by next_gone */
static uint32_t list_held;           /* a lock, taken with all signals blocked: `gone`, and adding to hc_control's list */
static uint32_t leader_waits;        /* the first thread has ended, the process has not */

/* Makes the block the current thread's. */
NATIVE void hc_enter_thread(struct hc_thread_block *block, uint64_t tp)
{
	hc_set_thread_pointer(tp);
	__hc_self = block;
	block->public.tp = tp;
	block->public.tid = (uint32_t)hc_kernel_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

NATIVE static uint64_t stack_of(const struct hc_thread_block *block)
{
	return block->public.data_high - block->public.data_low;
}

NATIVE static void lock_list(void)
{
	while (__atomic_exchange_n(&list_held, 1, __ATOMIC_ACQUIRE)) hc_kernel_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

NATIVE static void unlock_list(void)
{
	__atomic_store_n(&list_held, 0, __ATOMIC_RELEASE);
}

NATIVE static int still_ends(const struct hc_thread_block *block)
{
	const long process = hc_kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
	return !hc_kernel_call(SYS_tgkill, process, block->public.tid, 0, 0, 0, 0);
}

NATIVE static struct hc_thread_block *used_before(uint64_t stack)
{
	for (struct hc_thread_block **link = &gone; *link; link = &(*link)->next_gone) {
		struct hc_thread_block *block = *link;
		if (stack_of(block) != stack || still_ends(block)) continue;
		*link = block->next_gone;
		return block;
	}
	return 0;
}

NATIVE static struct hc_thread_block *never_used(uint64_t stack, uint64_t locals)
{
	struct hc_thread_block *block = hc_new_stacks(stack, locals);
	if (!block) return 0;
	block->public.state = HC_THREAD_GONE;
	block->public.next = hc_control.thread_list;
	__atomic_store_n(&hc_control.thread_list, (uint64_t)block, __ATOMIC_RELEASE);
	return block;
}

NATIVE static uint64_t block_all_signals(void)
{
	const uint64_t all = ~0UL;
	uint64_t old = 0;
	hc_kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&old, 8, 0, 0);
	return old;
}

/* With native and data stacks of this size and room for thread-locals behind it, or 0 when no memory is left. A program that
 * wants such room wants the same for all threads. */
NATIVE struct hc_thread_block *__hc_new_thread(uint64_t stack, uint64_t locals)
{
	stack = ROUND_UP(stack, PAGE);
	const uint64_t mask = block_all_signals();
	lock_list();
	struct hc_thread_block *block = used_before(stack);
	if (!block) block = never_used(stack, locals);
	unlock_list();
	hc_restore_signals(mask);
	return block;
}

NATIVE void __hc_data_stack(const struct hc_thread_block *block, uint64_t bounds[2])
{
	if (!block) block = __hc_self;
	bounds[0] = block->public.data_low;
	bounds[1] = block->public.data_high;
}

NATIVE static void prepare(struct hc_thread_block *block, const struct hc_thread_start *start)
{
	block->public.tid = 0;
	block->public.tp = start->tp;
	block->public.in_handler = block->public.in_syscall = 0;
	block->jumps = block->interrupted = block->kicked = block->alternate_depth = 0;
	block->generation = hc_control.generation;
	block->cpu_offset = 0;
	block->frame_count = 0;
	block->alternate_stack = block->alternate_size = 0;
	block->alternate_flags = SS_DISABLE;
	block->function = start->function;
	block->argument = start->argument;
	block->clear_tid = start->flags & CLONE_CHILD_CLEARTID ? start->child_tid : 0;
	*(struct hc_thread_block **)(start->tp + (uint64_t)__hc_self_offset) = block;
}

/* How many threads are left. All signals are blocked. */
NATIVE static uint32_t count_out(struct hc_thread_block *block)
{
	lock_list();
	block->next_gone = gone;
	gone = block;
	unlock_list();
	__atomic_store_n(&block->public.state, HC_THREAD_GONE, __ATOMIC_SEQ_CST);
	return __atomic_sub_fetch(&hc_control.threads, 1, __ATOMIC_SEQ_CST);
}

/* The new thread's id, or -errno. It has no alternate stack at first, so it begins with all signals blocked. */
NATIVE long __hc_start_thread(struct hc_thread_block *block, const struct hc_thread_start *start)
{
	prepare(block, start);
	__atomic_fetch_add(&hc_control.threads, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&block->public.state, HC_THREAD_RUNNING, __ATOMIC_SEQ_CST);
	block->mask = block_all_signals();
	uint64_t mask = block->mask; /* soon the block is the other's */
	long result = hc_clone_thread((long)start->flags, block, start->parent_tid, start->child_tid);
	if (result < 0) count_out(block);
	hc_restore_signals(mask);
	return result;
}

/* The new thread itself, on its own native stack. */
ENTRY NATIVE _Noreturn void __hc_begin_thread(struct hc_thread_block *self)
{
	self->public.tid = (uint32_t)hc_kernel_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
	hc_start_thread_signals(self);
	hc_restore_signals(hc_deliverable(self->mask));
	hc_start_over(self, self->function, self->argument, self->public.data_low);
}

NATIVE static _Noreturn void end(struct hc_thread_block *self, long status)
{
	/* What deep calls and large arrays took is the system's again. */
	hc_kernel_call(SYS_madvise, (long)self->public.data_low, (long)stack_of(self), MADV_DONTNEED, 0, 0, 0);
	long call = count_out(self) == __atomic_load_n(&leader_waits, __ATOMIC_SEQ_CST) ? SYS_exit_group : SYS_exit;
	for (;;) hc_kernel_call(call, status, 0, 0, 0, 0, 0);
}

/* Not for the first thread while there are others; also what returning from a thread's outermost function comes to. */
ENTRY NATIVE _Noreturn void __hc_end_thread(long status)
{
	block_all_signals();
	end(__hc_self, status);
}

/* A detached thread takes its thread-locals with it: from munmap on there is no __hc_self. */
NATIVE _Noreturn void __hc_unmap_and_end(uint64_t base, uint64_t size)
{
	struct hc_thread_block *self = __hc_self;
	block_all_signals();
	hc_munmap((long)base, (long)size);
	end(self, 0);
}

NATIVE static int is_leader(void)
{
	return __hc_self->public.tid == (uint32_t)hc_kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

/* What the kernel does for a thread that has ended (set_tid_address(2)). */
NATIVE static void clear_tid(struct hc_thread_block *self)
{
	uint32_t *word = (uint32_t *)self->clear_tid;
	if (!word) return;
	__atomic_store_n(word, 0, __ATOMIC_SEQ_CST);
	hc_kernel_call(SYS_futex, (long)word, FUTEX_WAKE, 1, 0, 0, 0);
}

PORTABLE static long wait_for_the_end(void *unused)
{
	(void)unused;
	clear_tid(__hc_self);
	for (;;) __hc_syscall_cp(SYS_pause, 0, 0, 0, 0, 0, 0);
}

/* A process whose first thread is a zombie can't be checkpointed: so that thread stays, out of the way of all signals, until
 * the process ends. */
NATIVE static _Noreturn void stay_as_leader(long status)
{
	struct hc_thread_block *self = __hc_self;
	uint64_t all = ~0UL;
	hc_leave_handlers(self, 0);
	hc_rt_sigprocmask(SIG_SETMASK, (long)&all, 0, 8);
	__atomic_store_n(&leader_waits, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&hc_control.threads, __ATOMIC_SEQ_CST) == 1) hc_kernel_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
	hc_start_over(self, (uint64_t)wait_for_the_end, 0, hc_last_stack(self));
}

NATIVE _Noreturn void hc_exit(long status)
{
	if (is_leader() && __atomic_load_n(&hc_control.threads, __ATOMIC_SEQ_CST) > 1) stay_as_leader(status);
	__hc_end_thread(status);
}

/* The thread goes on with another function and never comes back: cancellation out of a handler. */
NATIVE _Noreturn void __hc_abandon(uint64_t function, uint64_t argument, uint64_t mask)
{
	struct hc_thread_block *self = __hc_self;
	hc_leave_handlers(self, 0);
	hc_rt_sigprocmask(SIG_SETMASK, (long)&mask, 0, 8);
	hc_start_over(self, function, argument, hc_last_stack(self));
}

/* In effect a handler of the thread's own. */
NATIVE void __hc_defer_parks(int how)
{
	__hc_self->public.in_handler += (uint32_t)how;
}

/* In the child of fork: the threads that stayed behind. */
NATIVE void hc_forget_other_threads(void)
{
	struct hc_thread_block *self = __hc_self;
	self->public.tid = (uint32_t)hc_kernel_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
	gone = 0;
	list_held = 0;
	for (uint64_t at = hc_control.thread_list; at;) {
		struct hc_thread_block *block = (void *)at;
		at = block->public.next;
		if (block == self) continue;
		block->public.state = HC_THREAD_GONE;
		block->next_gone = gone;
		gone = block;
	}
	leader_waits = 0;
	hc_control.threads = 1;
	hc_control.parked = 0;
}
