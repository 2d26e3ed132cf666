/* SPDX-License-Identifier: 0BSD
 *
 * Compiled only, twice: the structs of aarch64/kernel.h against the headers of the kernel. CANONICAL: x86-64's; else the generic
 * ones, which aarch64 uses. The target is x86-64 each time: <asm/bitsperlong.h> of the build machine knows no other with 64 bits.
 */
#include <stddef.h>

#define timespec kernel_timespec
#define timeval kernel_timeval
#ifdef CANONICAL
#include <asm/fcntl.h>
#include <asm/mman.h>
#include <asm/sembuf.h>
#include <asm/stat.h>
#include <linux/eventpoll.h>
#define OURS(name) struct canonical_##name
#else
#include <asm-generic/ipcbuf.h>
#include <asm-generic/sembuf.h>
#include <asm-generic/stat.h>
#define OURS(name) struct kernel_##name
#endif
#undef timespec
#undef timeval

#include "../../aarch64/kernel.h"

#define FIELD(ours, our_field, theirs, their_field) \
  _Static_assert(offsetof(ours, our_field) == offsetof(theirs, their_field) && \
                     sizeof(((ours *)0)->our_field) == sizeof(((theirs *)0)->their_field), \
                 #their_field)
#define STAT(field) FIELD(OURS(stat), field, struct stat, st_##field)

_Static_assert(sizeof(OURS(stat)) == sizeof(struct stat), "stat");
STAT(dev);
STAT(ino);
STAT(nlink);
STAT(mode);
STAT(uid);
STAT(gid);
STAT(rdev);
STAT(size);
STAT(blksize);
STAT(blocks);
FIELD(OURS(stat), times[0].seconds, struct stat, st_atime);
FIELD(OURS(stat), times[1].nanoseconds, struct stat, st_mtime_nsec);
FIELD(OURS(stat), times[2].nanoseconds, struct stat, st_ctime_nsec);

_Static_assert(IPC_PERMISSIONS_SIZE + sizeof(OURS(semaphores)) == sizeof(struct semid64_ds), "semid64_ds");
_Static_assert(IPC_PERMISSIONS_SIZE + offsetof(OURS(semaphores), otime) == offsetof(struct semid64_ds, sem_otime), "");
_Static_assert(IPC_PERMISSIONS_SIZE + offsetof(OURS(semaphores), ctime) == offsetof(struct semid64_ds, sem_ctime), "");
_Static_assert(IPC_PERMISSIONS_SIZE + offsetof(OURS(semaphores), count) == offsetof(struct semid64_ds, sem_nsems), "");

#ifdef CANONICAL
_Static_assert(sizeof(OURS(epoll_event)) == sizeof(struct epoll_event), "epoll_event");
FIELD(OURS(epoll_event), events, struct epoll_event, events);
FIELD(OURS(epoll_event), data, struct epoll_event, data);

_Static_assert(CANONICAL_O_DIRECT == O_DIRECT, "O_DIRECT");
_Static_assert(CANONICAL_O_LARGEFILE == O_LARGEFILE, "O_LARGEFILE");
_Static_assert(CANONICAL_O_DIRECTORY == O_DIRECTORY, "O_DIRECTORY");
_Static_assert(CANONICAL_O_NOFOLLOW == O_NOFOLLOW, "O_NOFOLLOW");
_Static_assert(CANONICAL_MAP_32BIT == MAP_32BIT, "MAP_32BIT");
#endif
