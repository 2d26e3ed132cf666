/* SPDX-License-Identifier: 0BSD
 *
 * System calls of a lifted x86-64 program. Its kernel interface is the canonical one; what concerns its registers is done
 * here.
 */
#include "lift.h"

NATIVE static long arch_prctl(long code, long address)
{
	switch (code) {
	case ARCH_SET_FS: hc_guest.fs = (uint64_t)address; return 0;
	case ARCH_SET_GS: hc_guest.gs = (uint64_t)address; return 0;
	case ARCH_GET_FS: *(uint64_t *)address = hc_guest.fs; return 0;
	default: return -EINVAL;
	}
}

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

PORTABLE static long system_call(long n, long a, long b, long c, long d, long e, long f)
{
	if (n == SYS_arch_prctl) return arch_prctl(a, b);
	if (n == SYS_rt_sigaction) return hc_guest_signal_action(a, b, c, d);
	if ((unsigned long)n < sizeof blocking && blocking[n]) return __hc_syscall_cp(n, a, b, c, d, e, f);
	return __hc_syscall(n, a, b, c, d, e, f);
}

/* clone(2): the child begins on a stack of its own. It has its parent's memory as a copy, whatever it asked for. */
NATIVE static void begin_child(uint64_t flags, uint64_t stack, uint64_t thread_pointer)
{
	if (stack) hc_guest.gpr[GUEST_RSP] = stack;
	if (flags & CLONE_SETTLS) hc_guest.fs = thread_pointer;
}

/* Registers as the kernel takes them; rcx and r11 are lost, as with the instruction. */
LIFTED PORTABLE void hc_guest_syscall(uint64_t next)
{
	const uint64_t *r = hc_guest.gpr;
	const uint64_t number = r[GUEST_RAX], a = r[GUEST_RDI], b = r[GUEST_RSI], e = r[GUEST_R8];
	const long result = system_call((long)number, (long)a, (long)b, (long)r[GUEST_RDX], (long)r[GUEST_R10], (long)e, (long)r[GUEST_R9]);
	if (number == SYS_clone && !result) begin_child(a, b, e);
	hc_guest.gpr[GUEST_RAX] = (uint64_t)result;
	hc_guest.gpr[GUEST_RCX] = next;
	hc_guest.gpr[GUEST_R11] = 0x246;
}
