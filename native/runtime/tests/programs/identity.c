/* SPDX-License-Identifier: 0BSD
 *
 * Opens the files named, says "begins", and once a byte has come a line for each: st_dev:st_ino by fstat, stat, lstat,
 * fstatat and statx.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check.h"

enum { FILES = 16 };

static void print(const struct stat *s) { printf(" %lu:%lu", (unsigned long)s->st_dev, (unsigned long)s->st_ino); }

int main(int argc, char **argv)
{
	int fds[FILES];
	char byte;
	CHECK(argc <= FILES);
	for (int i = 1; i < argc; i++) CHECK((fds[i] = open(argv[i], O_RDONLY)) >= 0);
	puts("begins");
	fflush(stdout);
	CHECK(read(0, &byte, 1) == 1);
	for (int i = 1; i < argc; i++) {
		struct stat s;
		union {
			struct {
				uint64_t before[4], inode, between[12];
				uint32_t device_major, device_minor;
			};
			char all[256]; /* statx(2); this libc has no name for it */
		} x;
		CHECK(!fstat(fds[i], &s));
		print(&s);
		CHECK(!stat(argv[i], &s));
		print(&s);
		CHECK(!lstat(argv[i], &s));
		print(&s);
		CHECK(!fstatat(AT_FDCWD, argv[i], &s, 0));
		print(&s);
		CHECK(!syscall(SYS_statx, AT_FDCWD, argv[i], 0, 0x100, &x));
		printf(" %lu:%lu\n", (unsigned long)makedev(x.device_major, x.device_minor), (unsigned long)x.inode);
		CHECK(stat("/no/such/file", &s) == -1);
	}
}
