/* SPDX-License-Identifier: 0BSD
 *
 * System calls of the program. The runtime itself sees to those that choose addresses, deal with signals, copy the process
 * or have a native-speed way; all others go to the kernel, translated on aarch64.
 */
#include "runtime.h"

NATIVE static long with_mask(long n, long a, long b, long c, long d, long e, long f);
NATIVE static long eventfd(long value, long flags);

NATIVE long __hc_syscall(long n, long a, long b, long c, long d, long e, long f)
{
	switch (n) {
	/* files */
	case SYS_stat:
	case SYS_fstat:
	case SYS_lstat: return hc_seen_stat(hc_kernel_call(n, a, b, 0, 0, 0, 0), (void *)b);
	case SYS_newfstatat: return hc_seen_stat(hc_kernel_call(n, a, b, c, d, 0, 0), (void *)c);
	case SYS_statx: return hc_seen_statx(hc_kernel_call(n, a, b, c, d, e, 0), (void *)e);

	case SYS_eventfd2: return eventfd(a, b);

	/* memory */
	case SYS_mmap: return hc_mmap(a, b, c, d, e, f);
	case SYS_munmap: return hc_munmap(a, b);
	case SYS_mremap: return hc_mremap(a, b, c, d, e);
	case SYS_brk: return hc_brk(a);
	case SYS_shmat: return hc_shmat(a, b, c);

	/* time */
	case SYS_clock_gettime: return hc_clock_gettime(a, (struct hc_timespec *)b);
	case SYS_gettimeofday: return hc_gettimeofday((struct hc_timeval *)a, (int32_t *)b);
	case SYS_time: return hc_time((int64_t *)a);
	case SYS_getitimer:
	case SYS_setitimer:
	case SYS_alarm: return hc_with_itimers(n, a, b, c);
	case SYS_timer_settime:
	case SYS_timerfd_settime: return hc_set_timer(n, a, b, c, d);

	/* signals */
	case SYS_rt_sigaction: return hc_rt_sigaction(a, b, c, d);
	case SYS_rt_sigprocmask: return hc_rt_sigprocmask(a, b, c, d);
	case SYS_sigaltstack: return hc_sigaltstack(a, b);
	case SYS_rt_sigsuspend:
	case SYS_rt_sigtimedwait:
	case SYS_signalfd:
	case SYS_signalfd4:
	case SYS_ppoll:
	case SYS_epoll_pwait:
	case SYS_epoll_pwait2: return with_mask(n, a, b, c, d, e, f);

	/* processes and threads */
	case SYS_fork:
	case SYS_vfork: return hc_fork();
	case SYS_clone:
		/* vfork and posix_spawn: what shares its parent's memory until exec gets a copy. */
		return (a & CLONE_THREAD) ? -ENOSYS : hc_clone_process(a, c, d);
	case SYS_set_tid_address:
		__hc_self->clear_tid = (uint64_t)a;
		break;
	case SYS_execve:
	case SYS_execveat: hc_give_itimers(); break;
	case SYS_exit: hc_exit(a);
	case SYS_arch_prctl: return hc_arch_prctl(a, b);
	case SYS_exit_group: hc_debug_exit(); break;

	/* What cannot be moved, or picks addresses by itself: programs have other ways when there is none. */
	case SYS_clone3:
	case SYS_io_setup:
	case SYS_io_uring_setup:
	case SYS_rseq:
	case SYS_modify_ldt:
	case SYS_iopl:
	case SYS_ioperm:
	case SYS_remap_file_pages:
	case SYS_restart_syscall:
	case SYS_rt_sigreturn:
		hc_trace_enosys(n);
		return -ENOSYS;
	}
	return hc_kernel_call(n, a, b, c, d, e, f);
}

/* Calls with a signal mask: which argument, and whether it names signals to wait for. */
NATIVE static long with_mask(long n, long a, long b, long c, long d, long e, long f)
{
	long arguments[6] = {a, b, c, d, e, f};
	int index = n == SYS_rt_sigsuspend || n == SYS_rt_sigtimedwait ? 0
	          : n == SYS_signalfd || n == SYS_signalfd4 ? 1
	          : n == SYS_ppoll ? 3 : 4;
	int waits_for = n == SYS_rt_sigtimedwait || n == SYS_signalfd || n == SYS_signalfd4;
	uint64_t mask;
	if (arguments[index]) {
		mask = *(uint64_t *)arguments[index];
		mask = waits_for ? mask & ~SIGNAL_BIT(HC_SIGNAL) : hc_deliverable(mask);
		arguments[index] = (long)&mask;
	}
	return hc_kernel_call(n, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

/* Nothing shows EFD_SEMAPHORE from outside, and CRIU 3.17 loses it. hc-xform knows such a file by the signal that O_ASYNC
 * would send, which no program uses with an eventfd. */
NATIVE static long eventfd(long value, long flags)
{
	long fd = hc_kernel_call(SYS_eventfd2, value, flags, 0, 0, 0, 0);
	if (fd >= 0 && (flags & EFD_SEMAPHORE)) hc_kernel_call(SYS_fcntl, fd, F_SETSIG, HC_SIGNAL, 0, 0, 0);
	return fd;
}
