/* SPDX-License-Identifier: GPL-3.0-or-later
 * The canonical stat is x86-64 Linux's struct stat (arch/x86/include/uapi/asm/stat.h), which is also musl's public one,
 * so that stat results need no conversion in C.
 */
struct kstat {
	dev_t st_dev;
	ino_t st_ino;
	nlink_t st_nlink;

	mode_t st_mode;
	uid_t st_uid;
	gid_t st_gid;
	unsigned __pad0;
	dev_t st_rdev;
	off_t st_size;
	blksize_t st_blksize;
	blkcnt_t st_blocks;

	long st_atime_sec;
	long st_atime_nsec;
	long st_mtime_sec;
	long st_mtime_nsec;
	long st_ctime_sec;
	long st_ctime_nsec;
	long __unused[3];
};
