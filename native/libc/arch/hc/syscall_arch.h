/* SPDX-License-Identifier: GPL-3.0-or-later
 * System calls go to the runtime, which takes canonical (x86-64) numbers, structs and flags on both ISAs and returns
 * -errno on failure.
 */
#include <sys/syscall.h>

#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

long __hc_syscall(long n, long a, long b, long c, long d, long e, long f);
long __hc_syscall_cp(long n, long a, long b, long c, long d, long e, long f);

/* Calls that may wait for long are migration points, whether or not musl makes them cancellation points: stdio reads by
 * these, syscall(2) passes anything on. */
static inline int __hc_blocks(long n)
{
	switch (n) {
	case SYS_read: case SYS_write: case SYS_readv: case SYS_writev: case SYS_pread64: case SYS_pwrite64:
	case SYS_preadv: case SYS_pwritev: case SYS_preadv2: case SYS_pwritev2:
	case SYS_open: case SYS_openat: case SYS_flock: case SYS_splice: case SYS_tee: case SYS_sendfile: case SYS_copy_file_range:
	case SYS_poll: case SYS_ppoll: case SYS_select: case SYS_pselect6:
	case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_epoll_pwait2:
	case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_pause:
	case SYS_rt_sigsuspend: case SYS_rt_sigtimedwait:
	case SYS_wait4: case SYS_waitid:
	case SYS_accept: case SYS_accept4: case SYS_connect: case SYS_sendto: case SYS_sendmsg: case SYS_sendmmsg:
	case SYS_recvfrom: case SYS_recvmsg: case SYS_recvmmsg:
	case SYS_semop: case SYS_semtimedop: case SYS_msgsnd: case SYS_msgrcv:
	case SYS_mq_timedsend: case SYS_mq_timedreceive:
		return 1;
	default:
		return 0;
	}
}

/* A lock's holder may have parked. FUTEX_WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2. */
static inline int __hc_waits(long operation)
{
	switch (operation & 0x7f) {
	case 0: case 6: case 9: case 11: case 13:
		return 1;
	default:
		return 0;
	}
}

static inline long __hc_call(long n, long a, long b, long c, long d, long e, long f)
{
	return __hc_blocks(n) || (n == SYS_futex && __hc_waits(b)) ? __hc_syscall_cp(n, a, b, c, d, e, f) : __hc_syscall(n, a, b, c, d, e, f);
}

static inline long __syscall0(long n)
{
	return __hc_call(n, 0, 0, 0, 0, 0, 0);
}

static inline long __syscall1(long n, long a)
{
	return __hc_call(n, a, 0, 0, 0, 0, 0);
}

static inline long __syscall2(long n, long a, long b)
{
	return __hc_call(n, a, b, 0, 0, 0, 0);
}

static inline long __syscall3(long n, long a, long b, long c)
{
	return __hc_call(n, a, b, c, 0, 0, 0);
}

static inline long __syscall4(long n, long a, long b, long c, long d)
{
	return __hc_call(n, a, b, c, d, 0, 0);
}

static inline long __syscall5(long n, long a, long b, long c, long d, long e)
{
	return __hc_call(n, a, b, c, d, e, 0);
}

static inline long __syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	return __hc_call(n, a, b, c, d, e, f);
}

/* VDSO_USEFUL stays undefined: the vDSO moves with the machine, so the runtime looks it up, not musl. */

/* System V IPC structs are the kernel's 64-bit ones already (arch/x86_64 says the same). */
#define IPC_64 0
