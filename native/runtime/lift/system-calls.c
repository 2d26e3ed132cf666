/* SPDX-License-Identifier: 0BSD
 *
 * System calls of a lifted program, by canonical number and structs. What concerns registers is done per ISA.
 */
#include "lift.h"

/* Calls that may wait: those of __hc_blocks in native/libc/arch/hc/syscall_arch.h, and fcntl, which may wait for a lock. */
static const uint8_t blocking[] = {
	[SYS_read] = 1, [SYS_write] = 1, [2 /* open */] = 1, [7 /* poll */] = 1, [17 /* pread64 */] = 1, [18 /* pwrite64 */] = 1, [19 /* readv */] = 1,
	[20 /* writev */] = 1, [SYS_select] = 1, [SYS_pause] = 1, [SYS_nanosleep] = 1, [40 /* sendfile */] = 1, [42 /* connect */] = 1, [43 /* accept */] = 1,
	[44 /* sendto */] = 1, [45 /* recvfrom */] = 1, [46 /* sendmsg */] = 1, [47 /* recvmsg */] = 1, [61 /* wait4 */] = 1,
	[SYS_semop] = 1, [SYS_msgsnd] = 1, [SYS_msgrcv] = 1, [72 /* fcntl */] = 1, [73 /* flock */] = 1,
	[SYS_rt_sigtimedwait] = 1, [SYS_rt_sigsuspend] = 1, [SYS_futex] = 1, [SYS_semtimedop] = 1, [SYS_clock_nanosleep] = 1,
	[SYS_epoll_wait] = 1, [242 /* mq_timedsend */] = 1, [243 /* mq_timedreceive */] = 1, [247 /* waitid */] = 1,
	[257 /* openat */] = 1, [SYS_pselect6] = 1, [275 /* splice */] = 1, [276 /* tee */] = 1, [SYS_ppoll] = 1, [SYS_epoll_pwait] = 1, [288 /* accept4 */] = 1, [295 /* preadv */] = 1,
	[296 /* pwritev */] = 1, [SYS_recvmmsg] = 1, [307 /* sendmmsg */] = 1,
	[326 /* copy_file_range */] = 1, [327 /* preadv2 */] = 1, [328 /* pwritev2 */] = 1, [441 /* epoll_pwait2 */] = 1,
};

/* What shares its parent's memory until it executes another program (vfork, posix_spawn) gets a copy instead. */
NATIVE static long clone_process(long flags, long parent_tid, long child_tid)
{
	if ((flags & CLONE_VM) && !(flags & CLONE_VFORK)) {
		hc_trace_enosys(SYS_clone);
		return -ENOSYS;
	}
	return hc_clone_process(flags, parent_tid, child_tid);
}

PORTABLE long hc_guest_system_call(long n, const long a[6], uint64_t next)
{
	switch (n) {
	case SYS_rt_sigaction: return hc_guest_signal_action(a[0], a[1], a[2], a[3]);
	case SYS_clone:
		if (!(a[0] & CLONE_THREAD)) return clone_process(a[0], a[2], a[3]);
		return hc_guest_start_thread((uint64_t)a[0], (uint64_t)a[1], (uint64_t)a[2], (uint64_t)a[3], (uint64_t)a[4], next);
	case SYS_exit: hc_guest_end_thread(a[0]);
	}
	if ((unsigned long)n < sizeof blocking && blocking[n]) return hc_guest_wait(n, a, next);
	return __hc_syscall(n, a[0], a[1], a[2], a[3], a[4], a[5]);
}
