/* SPDX-License-Identifier: 0BSD
 *
 * The canonical ABI as test programs see it: x86-64's constants where the kernels differ, structs of aarch64/kernel.h.
 */
#ifndef HC_TEST_CANONICAL_H
#define HC_TEST_CANONICAL_H

#include <asm/unistd_64.h>

#include "../../aarch64/kernel.h"

#define O_RDONLY 0
#define O_RDWR 2
#define O_CREAT 0100
#define O_EXCL 0200
#define O_APPEND 02000
#define O_NONBLOCK 04000
#define O_CLOEXEC 02000000
#define O_DIRECT 040000
#define O_DIRECTORY 0200000
#define O_NOFOLLOW 0400000
#define O_TMPFILE (020000000 | O_DIRECTORY)
#define AT_FDCWD (-100)

#define EBADF 9
#define EAGAIN 11
#define EEXIST 17
#define ENOTDIR 20
#define EINVAL 22
#define ENOSYS 38
#define ELOOP 40
#define EOPNOTSUPP 95

#define SIGALRM 14
#define SIGTERM 15

struct poll_descriptor {
  int fd;
  short events, revents;
};

#endif
