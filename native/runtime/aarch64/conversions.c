/* SPDX-License-Identifier: 0BSD
 *
 * Converted structs are kept in call->scratch, which kernel_args then point to. What a program passes is read and
 * written directly: an address that is not mapped is a SIGSEGV here where the kernel would say -EFAULT.
 */
#include "conversions.h"

#include "kernel.h"

#define NANOSECONDS 1000000000L
#define MICROSECONDS 1000000L

/* An involution: the same both ways. */
static unsigned long exchange_open_flags(unsigned long flags) {
  unsigned long high = flags & (KERNEL_O_DIRECT | KERNEL_O_LARGEFILE);
  unsigned long low = flags & (KERNEL_O_DIRECTORY | KERNEL_O_NOFOLLOW);
  return (flags & ~(high | low)) | high >> 2 | low << 2;
}

_Static_assert(CANONICAL_O_DIRECT << 2 == KERNEL_O_DIRECT && CANONICAL_O_LARGEFILE << 2 == KERNEL_O_LARGEFILE &&
                   CANONICAL_O_DIRECTORY >> 2 == KERNEL_O_DIRECTORY && CANONICAL_O_NOFOLLOW >> 2 == KERNEL_O_NOFOLLOW,
               "the flags have changed places in pairs");

static long open_flags_in(struct hc_call *call) {
  call->kernel_args[2] = exchange_open_flags(call->kernel_args[2]);
  return 0;
}

static long flags_1_in(struct hc_call *call) {
  call->kernel_args[1] = exchange_open_flags(call->kernel_args[1]);
  return 0;
}

/* struct open_how may be longer than we know; the kernel refuses what it doesn't know. */
static long open_how_in(struct hc_call *call) {
  unsigned long size = call->kernel_args[3];
  const unsigned char *how = (const void *)call->kernel_args[2];
  unsigned char *copy = (void *)call->scratch;
  if (size < sizeof call->scratch[0]) return -KERNEL_EINVAL;
  if (size > sizeof call->scratch) return -KERNEL_E2BIG;
  for (unsigned long i = 0; i < size; i++) copy[i] = how[i];
  call->scratch[0] = exchange_open_flags(call->scratch[0]);
  call->kernel_args[2] = (long)copy;
  return 0;
}

static long fcntl_in(struct hc_call *call) {
  if ((int)call->args[1] == KERNEL_F_SETFL) call->kernel_args[2] = exchange_open_flags(call->kernel_args[2]);
  return 0;
}

static long fcntl_out(struct hc_call *call, long result) {
  return (int)call->args[1] == KERNEL_F_GETFL && result >= 0 ? (long)exchange_open_flags(result) : result;
}

/* dup3(2) refuses equal descriptors, which dup2(2) returns if they are open. */
static long dup2_in(struct hc_call *call) {
  if ((int)call->args[0] != (int)call->args[1]) return 0;
  call->kernel_number = KERNEL_NR_FCNTL;
  call->kernel_args[1] = KERNEL_F_GETFD;
  return 0;
}

static long dup2_out(struct hc_call *call, long result) { return result < 0 ? result : (unsigned)call->args[1]; }

/* scratch: struct kernel_stat, then the program's buffer. */
#define STAT_BUFFER 16
_Static_assert(sizeof(struct kernel_stat) == STAT_BUFFER * sizeof(long), "");

static long stat_in(struct hc_call *call, int argument) {
  call->scratch[STAT_BUFFER] = call->kernel_args[argument];
  call->kernel_args[argument] = (long)call->scratch;
  return 0;
}

static long fstat_in(struct hc_call *call) { return stat_in(call, 1); }
static long fstatat_in(struct hc_call *call) { return stat_in(call, 2); }

static long stat_out(struct hc_call *call, long result) {
  if (result < 0) return result;
  const struct kernel_stat *from = (const void *)call->scratch;
  *(struct canonical_stat *)call->scratch[STAT_BUFFER] = (struct canonical_stat){
      .dev = from->dev,
      .ino = from->ino,
      .nlink = from->nlink,
      .mode = from->mode,
      .uid = from->uid,
      .gid = from->gid,
      .rdev = from->rdev,
      .size = from->size,
      .blksize = from->blksize,
      .blocks = from->blocks,
      .times = {from->times[0], from->times[1], from->times[2]},
  };
  return result;
}

/* In place: a name moves down by one byte, and the type goes to the record's last byte, past the name's end. */
static long getdents_out(struct hc_call *call, long result) {
  for (long at = 0; at < result;) {
    struct kernel_dirent *from = (void *)(call->args[1] + at);
    struct canonical_dirent *to = (void *)from;
    unsigned char type = from->type;
    char *name = from->name;
    char *moved = to->name;
    while ((*moved++ = *name++))
      ;
    ((unsigned char *)from)[from->length - 1] = type;
    at += from->length;
  }
  return result;
}

static long utime_in(struct hc_call *call) {
  const long *seconds = (const void *)call->kernel_args[2];
  if (!seconds) return 0;
  struct timespec *times = (void *)call->scratch;
  for (int i = 0; i < 2; i++) times[i] = (struct timespec){seconds[i], 0};
  call->kernel_args[2] = (long)times;
  return 0;
}

/* Microseconds are checked here: utimensat(2) takes some nanosecond values for commands. */
static long utimes_in(struct hc_call *call) {
  const struct timeval *from = (const void *)call->kernel_args[2];
  if (!from) return 0;
  struct timespec *times = (void *)call->scratch;
  for (int i = 0; i < 2; i++) {
    if (from[i].microseconds < 0 || from[i].microseconds >= MICROSECONDS) return -KERNEL_EINVAL;
    times[i] = (struct timespec){from[i].seconds, from[i].microseconds * 1000};
  }
  call->kernel_args[2] = (long)times;
  return 0;
}

static long poll_in(struct hc_call *call) {
  int milliseconds = call->args[2];
  struct timespec *timeout = (void *)call->scratch;
  *timeout = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000L};
  call->kernel_args[2] = milliseconds < 0 ? 0 : (long)timeout;
  return 0;
}

/* scratch: the timeout as the kernel updates it, then as it was. Microseconds may be more than a second's. */
static long select_in(struct hc_call *call) {
  const struct timeval *given = (const void *)call->args[4];
  if (!given) return 0;
  struct timespec *timeout = (void *)call->scratch;
  timeout->seconds = given->seconds + given->microseconds / MICROSECONDS;
  timeout->nanoseconds = given->microseconds % MICROSECONDS * 1000;
  timeout[1] = timeout[0];
  call->kernel_args[4] = (long)timeout;
  return 0;
}

/* Linux gives the remaining time back. A program's constant must not be written to without need. */
static long select_out(struct hc_call *call, long result) {
  struct timeval *given = (void *)call->args[4];
  const struct timespec *timeout = (const void *)call->scratch;
  if (given && (timeout[0].seconds != timeout[1].seconds || timeout[0].nanoseconds != timeout[1].nanoseconds))
    *given = (struct timeval){timeout->seconds, timeout->nanoseconds / 1000};
  return result;
}

static long epoll_create_in(struct hc_call *call) { return (int)call->args[0] <= 0 ? -KERNEL_EINVAL : 0; }

/* A null event is -EFAULT from the kernel unless the operation ignores it. */
static long epoll_ctl_in(struct hc_call *call) {
  const struct canonical_epoll_event *event = (const void *)call->kernel_args[3];
  if (!event) return 0;
  struct kernel_epoll_event *copy = (void *)call->scratch;
  *copy = (struct kernel_epoll_event){event->events, event->data};
  call->kernel_args[3] = (long)copy;
  return 0;
}

/* The kernel writes its longer events into the program's buffer, as many as fit there; a single one into scratch. */
static long epoll_wait_in(struct hc_call *call) {
  int most = call->kernel_args[2];
  if (most == 1)
    call->kernel_args[1] = (long)call->scratch;
  else if (most > 1)
    call->kernel_args[2] = (long)most * sizeof(struct canonical_epoll_event) / sizeof(struct kernel_epoll_event);
  return 0;
}

static long epoll_wait_out(struct hc_call *call, long result) {
  const struct kernel_epoll_event *from = (const void *)call->kernel_args[1];
  struct canonical_epoll_event *to = (void *)call->args[1];
  for (long i = 0; i < result; i++) {
    struct kernel_epoll_event event;
    __builtin_memcpy_inline(&event, &from[i], sizeof event); /* the buffer need not be aligned */
    to[i] = (struct canonical_epoll_event){event.events, event.data};
  }
  return result;
}

/* scratch: struct itimerval to set, then the old one. */
static long alarm_in(struct hc_call *call) {
  struct timeval *new = (void *)call->scratch;
  new[0] = (struct timeval){0, 0};
  new[1] = (struct timeval){(unsigned)call->args[0], 0};
  call->kernel_args[0] = KERNEL_ITIMER_REAL;
  call->kernel_args[1] = (long)new;
  call->kernel_args[2] = (long)(new + 2);
  return 0;
}

/* As the kernel's alarm_setitimer: to the nearest second, but never 0 while an alarm is pending. */
static long alarm_out(struct hc_call *call, long result) {
  if (result < 0) return result;
  const struct timeval *left = (const struct timeval *)call->scratch + 3;
  int up = left->microseconds >= MICROSECONDS / 2 || (!left->seconds && left->microseconds);
  return left->seconds + up;
}

static long time_in(struct hc_call *call) {
  call->kernel_args[1] = (long)call->scratch;
  return 0;
}

static long time_out(struct hc_call *call, long result) {
  if (result < 0) return result;
  long seconds = ((const struct timespec *)call->scratch)->seconds;
  if (call->args[0]) *(long *)call->args[0] = seconds;
  return seconds;
}

/* The child's thread pointer and the address of its id have changed places. */
static long clone_in(struct hc_call *call) {
  call->kernel_args[3] = call->args[4];
  call->kernel_args[4] = call->args[3];
  return 0;
}

/* Where mappings go is the runtime's decision; a flag that the kernel does not know can be an error to it. */
static long mmap_in(struct hc_call *call) {
  call->kernel_args[3] &= ~CANONICAL_MAP_32BIT;
  return 0;
}

/* A seccomp program looks at native call numbers, so it can't be carried: as on a kernel without seccomp. */
static long prctl_in(struct hc_call *call) {
  return (int)call->args[0] == KERNEL_PR_SET_SECCOMP ? -KERNEL_EINVAL : 0;
}

/* In place: the canonical struct is the longer one, so that the kernel's fits in the program's buffer. */
static long semctl_out(struct hc_call *call, long result) {
  int command = call->args[2];
  if (result < 0 || (command != KERNEL_IPC_STAT && command != KERNEL_SEM_STAT && command != KERNEL_SEM_STAT_ANY))
    return result;
  void *set = (void *)(call->args[3] + IPC_PERMISSIONS_SIZE);
  struct kernel_semaphores from = *(const struct kernel_semaphores *)set;
  *(struct canonical_semaphores *)set =
      (struct canonical_semaphores){.otime = from.otime, .ctime = from.ctime, .count = from.count};
  return result;
}

#define CONVERSION(name, in, out) {in, out},
const struct hc_conversion hc_conversions[] = {CONVERSIONS};
