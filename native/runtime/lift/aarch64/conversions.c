/* SPDX-License-Identifier: 0BSD
 *
 * Converted structs are kept in call->scratch, or in the guest's own buffer where the canonical struct fits in there.
 */
#include "conversions.h"

#include "../../aarch64/kernel.h"
#include "lift.h"

enum { GUEST_IPC_SET = 1 };

/* Two pairs of bits have changed places: the same both ways. */
NATIVE static long exchange_open_flags(long flags)
{
	const long high = flags & (KERNEL_O_DIRECT | KERNEL_O_LARGEFILE), low = flags & (KERNEL_O_DIRECTORY | KERNEL_O_NOFOLLOW);
	return (flags & ~(high | low)) | high >> 2 | low << 2;
}

NATIVE static void open_flags_in(struct guest_call *call)
{
	call->canonical[2] = exchange_open_flags(call->canonical[2]);
}

NATIVE static void flags_1_in(struct guest_call *call)
{
	call->canonical[1] = exchange_open_flags(call->canonical[1]);
}

/* struct open_how begins with the flags. What is longer than we know goes through unchanged: the kernel refuses it. */
NATIVE static void open_how_in(struct guest_call *call)
{
	const uint64_t size = (uint64_t)call->arguments[3];
	const unsigned char *how = (const void *)call->arguments[2];
	unsigned char *copy = (void *)call->scratch;
	if (size < sizeof call->scratch[0] || size > sizeof call->scratch) return;
	for (uint64_t i = 0; i < size; i++) copy[i] = how[i];
	call->scratch[0] = (uint64_t)exchange_open_flags((long)call->scratch[0]);
	call->canonical[2] = (long)copy;
}

NATIVE static void fcntl_in(struct guest_call *call)
{
	if ((int)call->arguments[1] == KERNEL_F_SETFL) call->canonical[2] = exchange_open_flags(call->canonical[2]);
}

NATIVE static long fcntl_out(struct guest_call *call, long result)
{
	return (int)call->arguments[1] == KERNEL_F_GETFL && result >= 0 ? exchange_open_flags(result) : result;
}

_Static_assert(sizeof(struct canonical_stat) <= sizeof(((struct guest_call *)0)->scratch), "");

NATIVE static void fstat_in(struct guest_call *call)
{
	call->canonical[1] = (long)call->scratch;
}

NATIVE static void fstatat_in(struct guest_call *call)
{
	call->canonical[2] = (long)call->scratch;
}

NATIVE static long stat_out(struct guest_call *call, int argument, long result)
{
	if (result < 0) return result;
	const struct canonical_stat *from = (const void *)call->scratch;
	*(struct kernel_stat *)call->arguments[argument] = (struct kernel_stat){
		.dev = from->dev,
		.ino = from->ino,
		.mode = from->mode,
		.nlink = (unsigned)from->nlink,
		.uid = from->uid,
		.gid = from->gid,
		.rdev = from->rdev,
		.size = from->size,
		.blksize = (int)from->blksize,
		.blocks = from->blocks,
		.times = {from->times[0], from->times[1], from->times[2]},
	};
	return result;
}

NATIVE static long fstat_out(struct guest_call *call, long result)
{
	return stat_out(call, 1, result);
}

NATIVE static long fstatat_out(struct guest_call *call, long result)
{
	return stat_out(call, 2, result);
}

NATIVE static void epoll_ctl_in(struct guest_call *call)
{
	const struct kernel_epoll_event *event = (const void *)call->arguments[3];
	if (!event) return;
	struct canonical_epoll_event *copy = (void *)call->scratch;
	*copy = (struct canonical_epoll_event){event->events, event->data};
	call->canonical[3] = (long)copy;
}

/* In place, the last one first: the guest's are the longer ones. */
NATIVE static long epoll_wait_out(struct guest_call *call, long result)
{
	const struct canonical_epoll_event *from = (const void *)call->arguments[1];
	struct kernel_epoll_event *to = (void *)call->arguments[1];
	for (long i = result - 1; i >= 0; i--) {
		const struct canonical_epoll_event event = from[i];
		to[i] = (struct kernel_epoll_event){event.events, event.data};
	}
	return result;
}

/* The child's thread pointer and the address of its id have changed places. */
NATIVE static void clone_in(struct guest_call *call)
{
	call->canonical[3] = call->arguments[4];
	call->canonical[4] = call->arguments[3];
}

NATIVE static void mmap_in(struct guest_call *call)
{
	call->canonical[3] &= ~CANONICAL_MAP_32BIT;
}

/* A seccomp program looks at native call numbers: as on a kernel without seccomp. */
NATIVE static void prctl_in(struct guest_call *call)
{
	if ((int)call->arguments[0] == KERNEL_PR_SET_SECCOMP) call->canonical[0] = -1;
}

NATIVE static int is_semctl_stat(const struct guest_call *call)
{
	const int command = (int)call->arguments[2];
	return command == KERNEL_IPC_STAT || command == KERNEL_SEM_STAT || command == KERNEL_SEM_STAT_ANY;
}

/* The canonical struct is the longer one. What can be set lies in the permissions. */
NATIVE static void semctl_in(struct guest_call *call)
{
	if (!is_semctl_stat(call) && call->arguments[2] != GUEST_IPC_SET) return;
	const uint64_t *set = (const void *)call->arguments[3];
	for (int i = 0; i < IPC_PERMISSIONS_SIZE / 8; i++) call->scratch[i] = set[i];
	call->canonical[3] = (long)call->scratch;
}

NATIVE static long semctl_out(struct guest_call *call, long result)
{
	if (result < 0 || !is_semctl_stat(call)) return result;
	uint64_t *set = (void *)call->arguments[3];
	for (int i = 0; i < IPC_PERMISSIONS_SIZE / 8; i++) set[i] = call->scratch[i];
	const struct canonical_semaphores *from = (const void *)(call->scratch + IPC_PERMISSIONS_SIZE / 8);
	*(struct kernel_semaphores *)(set + IPC_PERMISSIONS_SIZE / 8) =
		(struct kernel_semaphores){.otime = from->otime, .ctime = from->ctime, .count = from->count};
	return result;
}

/* The others stand for canonical calls that an aarch64 kernel does not have. */
const struct guest_conversion guest_conversions[] = {
	[CONVERT_nothing] = {0, 0},
	[CONVERT_open_flags] = {open_flags_in, 0},
	[CONVERT_flags_1] = {flags_1_in, 0},
	[CONVERT_open_how] = {open_how_in, 0},
	[CONVERT_fcntl] = {fcntl_in, fcntl_out},
	[CONVERT_fstat] = {fstat_in, fstat_out},
	[CONVERT_fstatat] = {fstatat_in, fstatat_out},
	[CONVERT_epoll_ctl] = {epoll_ctl_in, 0},
	[CONVERT_epoll_wait] = {0, epoll_wait_out},
	[CONVERT_clone] = {clone_in, 0},
	[CONVERT_mmap] = {mmap_in, 0},
	[CONVERT_prctl] = {prctl_in, 0},
	[CONVERT_semctl] = {semctl_in, semctl_out},
};
