/* SPDX-License-Identifier: 0BSD
 *
 * System calls of a lifted program, by canonical number and structs. What concerns registers is done per ISA.
 */
#include "lift.h"

/* Calls that may wait: musl and glibc make these cancellation points, too. */
static const uint8_t blocking[] = {
	[SYS_read] = 1, [SYS_write] = 1, [7 /* poll */] = 1, [17 /* pread64 */] = 1, [18 /* pwrite64 */] = 1, [19 /* readv */] = 1,
	[20 /* writev */] = 1, [SYS_select] = 1, [SYS_pause] = 1, [SYS_nanosleep] = 1, [42 /* connect */] = 1, [43 /* accept */] = 1,
	[44 /* sendto */] = 1, [45 /* recvfrom */] = 1, [46 /* sendmsg */] = 1, [47 /* recvmsg */] = 1, [61 /* wait4 */] = 1,
	[SYS_semop] = 1, [SYS_msgsnd] = 1, [SYS_msgrcv] = 1, [72 /* fcntl */] = 1, [73 /* flock */] = 1,
	[SYS_rt_sigtimedwait] = 1, [SYS_rt_sigsuspend] = 1, [SYS_futex] = 1, [SYS_semtimedop] = 1, [SYS_clock_nanosleep] = 1,
	[SYS_epoll_wait] = 1, [242 /* mq_timedsend */] = 1, [243 /* mq_timedreceive */] = 1, [247 /* waitid */] = 1,
	[SYS_pselect6] = 1, [SYS_ppoll] = 1, [SYS_epoll_pwait] = 1, [288 /* accept4 */] = 1, [295 /* preadv */] = 1,
	[296 /* pwritev */] = 1, [SYS_recvmmsg] = 1, [307 /* sendmmsg */] = 1,
};

PORTABLE long hc_guest_system_call(long n, long a, long b, long c, long d, long e, long f)
{
	if (n == SYS_rt_sigaction) return hc_guest_signal_action(a, b, c, d);
	if ((unsigned long)n < sizeof blocking && blocking[n]) return __hc_syscall_cp(n, a, b, c, d, e, f);
	return __hc_syscall(n, a, b, c, d, e, f);
}
