/* SPDX-License-Identifier: 0BSD
 *
 * The part of the canonical kernel interface (x86-64 Linux, Documentation/ABI/stable) that the runtime itself uses.
 * Structs have one layout on both ISAs unless a comment says otherwise.
 */
#ifndef HC_COMMON_KERNEL_H
#define HC_COMMON_KERNEL_H

#include <stdint.h>

/* arch/x86/entry/syscalls/syscall_64.tbl */
enum {
	SYS_poll = 7, SYS_pause = 34, SYS_semop = 65, SYS_msgsnd = 69, SYS_msgrcv = 70, SYS_mmap = 9, SYS_mprotect = 10, SYS_munmap = 11, SYS_brk = 12, SYS_rt_sigaction = 13, SYS_rt_sigprocmask = 14,
	SYS_rt_sigreturn = 15, SYS_select = 23, SYS_mremap = 25, SYS_shmat = 30, SYS_shmctl = 31, SYS_nanosleep = 35,
	SYS_getitimer = 36, SYS_alarm = 37, SYS_setitimer = 38, SYS_execve = 59, SYS_execveat = 322,
	SYS_stat = 4, SYS_fstat = 5, SYS_lstat = 6, SYS_newfstatat = 262, SYS_statx = 332,
	SYS_clone = 56, SYS_fork = 57, SYS_vfork = 58, SYS_exit = 60, SYS_gettimeofday = 96, SYS_rt_sigtimedwait = 128,
	SYS_rt_sigsuspend = 130, SYS_sigaltstack = 131, SYS_modify_ldt = 154, SYS_prctl = 157, SYS_arch_prctl = 158, SYS_iopl = 172,
	SYS_ioperm = 173, SYS_gettid = 186, SYS_getpid = 39, SYS_madvise = 28, SYS_sched_yield = 24, SYS_time = 201, SYS_futex = 202, SYS_io_setup = 206, SYS_remap_file_pages = 216,
	SYS_set_tid_address = 218,
	SYS_restart_syscall = 219, SYS_semtimedop = 220, SYS_clock_gettime = 228, SYS_clock_nanosleep = 230,
	SYS_exit_group = 231, SYS_epoll_wait = 232, SYS_tgkill = 234, SYS_pselect6 = 270, SYS_ppoll = 271,
	SYS_epoll_pwait = 281, SYS_signalfd = 282, SYS_signalfd4 = 289, SYS_rt_tgsigqueueinfo = 297, SYS_recvmmsg = 299,
	SYS_prlimit64 = 302, SYS_read = 0, SYS_write = 1, SYS_open = 2, SYS_close = 3, SYS_fcntl = 72, SYS_eventfd2 = 290, SYS_timer_settime = 223, SYS_timerfd_settime = 286, SYS_rseq = 334, SYS_io_uring_setup = 425, SYS_clone3 = 435, SYS_epoll_pwait2 = 441,
};

enum { EPERM = 1, EINTR = 4, EAGAIN = 11, ENOMEM = 12, EFAULT = 14, EEXIST = 17, EINVAL = 22, ENOSYS = 38 };

enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2 };
enum {
	MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_32BIT = 0x40, MAP_GROWSDOWN = 0x100,
	MAP_NORESERVE = 0x4000, MAP_FIXED_NOREPLACE = 0x100000,
};
enum { MADV_DONTNEED = 4 };
enum { EFD_SEMAPHORE = 1, F_SETSIG = 10 };
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4 };
enum { SHM_RND = 020000, SHM_REMAP = 040000, IPC_STAT = 2 };

enum {
	CLONE_VM = 0x100, CLONE_VFORK = 0x4000, CLONE_PARENT_SETTID = 0x100000, CLONE_THREAD = 0x10000, CLONE_SIGHAND = 0x800,
	CLONE_SETTLS = 0x80000, CLONE_CHILD_CLEARTID = 0x200000,
};
enum {
	SIGILL = 4, SIGTRAP = 5, SIGFPE = 8, SIGSEGV = 11, SIGCHLD = 17,
	SIGCANCEL = 33, SIGSYNCCALL = 34, /* musl's */
};
enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2 };
enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_LOCK_PI = 6, FUTEX_WAIT_BITSET = 9, FUTEX_LOCK_PI2 = 13, FUTEX_COMMAND = 0x7f, FUTEX_PRIVATE = 128, FUTEX_CLOCK_REALTIME = 256 };
enum {
	CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_PROCESS_CPUTIME_ID = 2, CLOCK_THREAD_CPUTIME_ID = 3,
	CLOCK_MONOTONIC_RAW = 4, CLOCK_MONOTONIC_COARSE = 6, CLOCK_BOOTTIME = 7, TIMER_ABSTIME = 1,
};
enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS = 0x1002, ARCH_GET_FS = 0x1003 };
enum { RLIMIT_STACK = 3 };
enum { PR_SET_MM = 35, PR_SET_MM_MAP = 14 };

enum {
	AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_ENTRY = 9, AT_PLATFORM = 15, AT_HWCAP = 16,
	AT_BASE_PLATFORM = 24, AT_RANDOM = 25, AT_HWCAP2 = 26, AT_EXECFN = 31, AT_SYSINFO = 32, AT_SYSINFO_EHDR = 33,
	AT_RSEQ_FEATURE_SIZE = 27, AT_RSEQ_ALIGN = 28, AT_MINSIGSTKSZ = 51,
};

#define SA_SIGINFO 4UL
#define SA_RESTORER 0x04000000UL
#define SA_ONSTACK 0x08000000UL
#define SA_RESTART 0x10000000UL
#define SIG_DFL 0UL
#define SIG_IGN 1UL
#define SIGNALS 64
#define SIGNAL_BIT(n) (1UL << ((n) - 1))

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM (1U << 31)
#define MINSIGSTKSZ 2048

struct hc_timespec {
	int64_t seconds;
	int64_t nanoseconds;
};

#define NANOSECONDS 1000000000L

struct hc_timeval {
	int64_t seconds;
	int64_t microseconds;
};

/* arch/x86/include/uapi/asm/stat.h: how struct stat begins */
struct hc_stat {
	uint64_t device, inode;
};

/* include/uapi/linux/stat.h */
struct hc_statx {
	uint8_t before[32];
	uint64_t inode;
	uint8_t between[96];
	uint32_t device_major, device_minor;
};

/* setitimer(2) */
struct hc_itimer {
	struct hc_timeval interval, value;
};

/* struct kernel_sigaction; arm64 has the restorer too. */
struct hc_sigaction {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

struct hc_stack {
	uint64_t sp;
	uint32_t flags;
	uint32_t padding;
	uint64_t size;
};

/* Program headers, as far as the runtime reads them. */
struct hc_elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct hc_elf_segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct hc_elf_dynamic {
	int64_t tag;
	uint64_t value;
};

struct hc_elf_symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

enum { PT_LOAD = 1, PT_DYNAMIC = 2, PF_X = 1, PF_W = 2 };
enum { DT_NULL = 0, DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6, DT_GNU_HASH = 0x6ffffef5 };

/* The canonical ucontext_t of a three-argument handler (x86-64 psABI and arch/x86/include/uapi/asm/sigcontext.h).
 * Only the signal mask is copied back; the registers are for information. */
#define HC_GREG_RSP 15
#define HC_GREG_RIP 16

struct hc_ucontext {
	uint64_t flags;
	uint64_t link;
	struct hc_stack stack;
	uint64_t gregs[23];
	uint64_t fpregs;
	uint64_t reserved[8];
	uint64_t mask[16];
	uint64_t fpregs_memory[64];
};

#endif
