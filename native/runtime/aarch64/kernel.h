/* SPDX-License-Identifier: 0BSD
 *
 * The parts of the two kernel ABIs in which they differ, and the constants that the translation needs. Found by comparing
 * the macros and record layouts of all UAPI headers of Linux 6.1 for both ISAs; tests/layout.c compares them
 * with the headers of the build machine.
 */
#ifndef HC_AARCH64_KERNEL_H
#define HC_AARCH64_KERNEL_H

#define KERNEL_NR_FCNTL 25

/* The same on both. */
#define KERNEL_EBADF 9
#define KERNEL_E2BIG 7
#define KERNEL_EINVAL 22
#define KERNEL_ENOSYS 38
#define KERNEL_AT_FDCWD (-100)
#define KERNEL_AT_SYMLINK_NOFOLLOW 0x100
#define KERNEL_AT_REMOVEDIR 0x200
#define KERNEL_O_WRONLY 1
#define KERNEL_O_CREAT 0100
#define KERNEL_O_TRUNC 01000
#define KERNEL_SIGCHLD 17
#define KERNEL_SIGSET_SIZE 8
#define KERNEL_CLOCK_REALTIME_COARSE 5
#define KERNEL_ITIMER_REAL 0
#define KERNEL_F_GETFD 1
#define KERNEL_F_GETFL 3
#define KERNEL_F_SETFL 4
#define KERNEL_IPC_STAT 2
#define KERNEL_SEM_STAT 18
#define KERNEL_SEM_STAT_ANY 20
#define KERNEL_PR_SET_SECCOMP 22

/* open(2) flags: two pairs of bits have changed places. */
#define CANONICAL_O_DIRECT 0x4000
#define CANONICAL_O_LARGEFILE 0x8000
#define CANONICAL_O_DIRECTORY 0x10000
#define CANONICAL_O_NOFOLLOW 0x20000
#define KERNEL_O_DIRECTORY 0x4000
#define KERNEL_O_NOFOLLOW 0x8000
#define KERNEL_O_DIRECT 0x10000
#define KERNEL_O_LARGEFILE 0x20000

/* mmap(2) flag that only x86-64 has. */
#define CANONICAL_MAP_32BIT 0x40

struct timespec {
  long seconds;
  long nanoseconds;
};

struct timeval {
  long seconds;
  long microseconds;
};

struct canonical_stat {
  unsigned long dev;
  unsigned long ino;
  unsigned long nlink;
  unsigned mode;
  unsigned uid;
  unsigned gid;
  unsigned padding;
  unsigned long rdev;
  long size;
  long blksize;
  long blocks;
  struct timespec times[3];
  long unused[3];
};

struct kernel_stat {
  unsigned long dev;
  unsigned long ino;
  unsigned mode;
  unsigned nlink;
  unsigned uid;
  unsigned gid;
  unsigned long rdev;
  unsigned long padding1;
  long size;
  int blksize;
  int padding2;
  long blocks;
  struct timespec times[3];
  unsigned unused[2];
};

struct canonical_epoll_event {
  unsigned events;
  unsigned long data;
} __attribute__((packed));

struct kernel_epoll_event {
  unsigned events;
  unsigned long data;
};

/* What follows struct ipc64_perm (48 bytes, the same on both) in struct semid64_ds. */
struct canonical_semaphores {
  long otime;
  unsigned long unused1;
  long ctime;
  unsigned long unused2;
  unsigned long count;
  unsigned long unused3[2];
};

struct kernel_semaphores {
  long otime;
  long ctime;
  unsigned long count;
  unsigned long unused[2];
};

#define IPC_PERMISSIONS_SIZE 48

/* getdents64(2), and the old getdents(2), whose records are as long and keep the type in the last byte. */
struct kernel_dirent {
  unsigned long ino;
  long offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

struct canonical_dirent {
  unsigned long ino;
  unsigned long offset;
  unsigned short length;
  char name[];
};

#endif
