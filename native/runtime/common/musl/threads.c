/* SPDX-License-Identifier: 0BSD
 *
 * What musl leaves to an architecture, or what works otherwise here: thread-local storage, new threads, cancellation
 * points. Compiled with musl's internal headers. hc-codegen lays thread-locals out below the thread pointer, as x86-64 does
 * (psABI 3.4.2 of ELF TLS, variant II).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>

#include "pthread_impl.h"
#include "thread-start.h"

#define ROUND_UP(x, a) (((x) + (a) - 1) & ~((a) - 1))

extern const char __hc_tls_image[];
extern const unsigned long __hc_tls_image_size, __hc_tls_size, __hc_tls_align;
long __hc_syscall_cancel(long n, long a, long b, long c, long d, long e, long f);

const unsigned long __hc_pthread_size = sizeof(struct pthread);
volatile int __thread_list_lock;

static struct tls_module module;

/* start.c made the first thread's block: it ends at the thread pointer. */
void __init_tls(size_t *auxv)
{
	(void)auxv;
	size_t align = __hc_tls_align < 16 ? 16 : __hc_tls_align;
	module.image = (void *)__hc_tls_image;
	module.len = __hc_tls_image_size;
	module.size = ROUND_UP(__hc_tls_size, __hc_tls_align);
	module.align = align;
	module.offset = module.size;
	libc.tls_head = __hc_tls_size ? &module : 0;
	libc.tls_cnt = __hc_tls_size != 0;
	libc.tls_align = align;
	libc.tls_size = ROUND_UP(2 * sizeof(void *) + module.size + align + sizeof(struct pthread) + 15, 16);
	if (__init_tp((void *)__get_tp()) < 0) __builtin_trap();
}

/* For pthread_getattr_np(3), which collectors of garbage ask: where locals are. */
static void describe_stack(pthread_t thread, const struct hc_thread_block *block)
{
	uint64_t bounds[2];
	__hc_data_stack(block, bounds);
	thread->stack = (void *)bounds[1];
	thread->stack_size = bounds[1] - bounds[0];
}

int __init_tp(void *p)
{
	pthread_t self = p;
	self->self = self;
	libc.can_do_threads = 1;
	self->detach_state = DT_JOINABLE;
	self->tid = __syscall(SYS_set_tid_address, &__thread_list_lock);
	self->locale = &libc.global_locale;
	self->robust_list.head = &self->robust_list.head;
	self->next = self->prev = self;
	describe_stack(self, 0);
	return 0;
}

/* The dynamic thread vector comes first; then thread-locals and struct pthread, at the end of libc.tls_size bytes. */
void *__copy_tls(unsigned char *memory)
{
	uintptr_t *vector = (uintptr_t *)memory;
	pthread_t thread = (void *)((uintptr_t)(memory + libc.tls_size - sizeof(struct pthread)) & -libc.tls_align);
	if (libc.tls_head) {
		unsigned char *block = (unsigned char *)thread - module.offset;
		vector[1] = (uintptr_t)block;
		memcpy(block, module.image, module.len);
	}
	vector[0] = libc.tls_cnt;
	thread->dtv = vector;
	return thread;
}

int __set_thread_area(void *p)
{
	return __syscall(SYS_arch_prctl, 0x1002 /* ARCH_SET_FS */, p);
}

/* cancel.c, which has these, is linked into programs that cancel threads. */
static int never(void)
{
	return 0;
}
weak_alias(never, __hc_cancelled);

static long no_cancel(void)
{
	return -EINTR;
}
weak_alias(no_cancel, __cancel);

/* pthread_setcancelstate(3); PTHREAD_CANCEL_MASKED, musl's own, has the call fail with ECANCELED. */
long (__syscall_cp)(long n, long a, long b, long c, long d, long e, long f)
{
	pthread_t self = __pthread_self();
	/* close(2) has closed, whatever it says: nothing that is cancelled in the middle, or made again. */
	if (n == SYS_close && self->cancel && self->canceldisable == PTHREAD_CANCEL_ENABLE) return __cancel();
	if (n == SYS_close || self->canceldisable == PTHREAD_CANCEL_DISABLE) return __syscall(n, a, b, c, d, e, f);
	if (self->cancel) return __cancel();
	long result = __hc_syscall_cancel(n, a, b, c, d, e, f);
	return result == -EINTR && __hc_cancelled() ? __cancel() : result;
}

/* A thread, with stacks of its own instead of the given one; or a child process, on a copy of the stack. */
int __clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
	int *parent_tid = 0, *child_tid = 0;
	struct pthread *tls = 0;
	if (flags & (CLONE_PARENT_SETTID | CLONE_SETTLS | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)) { /* else they are not passed */
		va_list list;
		va_start(list, argument);
		parent_tid = va_arg(list, int *);
		tls = va_arg(list, struct pthread *);
		child_tid = va_arg(list, int *);
		va_end(list);
	}
	if (flags & CLONE_THREAD) {
		if (!(flags & CLONE_SETTLS)) return -EINVAL; /* musl's own calls have one */
		struct hc_thread_block *block = __hc_new_thread(tls->stack_size, 0);
		if (!block) return -EAGAIN;
		describe_stack(tls, block);
		const struct hc_thread_start start = {
			.flags = flags,
			.function = (uintptr_t)function,
			.argument = (uintptr_t)argument,
			.tp = (uintptr_t)tls,
			.parent_tid = (uintptr_t)parent_tid,
			.child_tid = (uintptr_t)child_tid,
		};
		return __hc_start_thread(block, &start);
	}
	int pid = __syscall(SYS_clone, flags, 0, parent_tid, child_tid, 0);
	if (!pid) {
		int status = function(argument);
		for (;;) __syscall(SYS_exit, status);
	}
	return pid;
}

_Noreturn void __unmapself(void *base, size_t size)
{
	__hc_unmap_and_end((uintptr_t)base, size);
}
