/* SPDX-License-Identifier: 0BSD
 *
 * Addresses of new mappings. The kernel of either ISA would choose its own, which the other may not have: so mmap, mremap,
 * brk and shmat take theirs from arenas (hc/abi.h). Next fit: a mapping goes behind the previous one, and what was unmapped
 * last at that end is used again. MAP_FIXED_NOREPLACE makes this safe against other threads and signal handlers without a
 * lock: who comes second tries further on.
 */
#include "runtime.h"

static uint64_t next_mapping = HC_MMAP_ARENA;
static uint64_t next_system = HC_SYSTEM_ARENA;
static uint64_t break_end = HC_BRK_ARENA; /* what brk(2) says, not rounded */

/* Linux' vm.mmap_min_addr default: lower ones cannot be mapped anyway. */
#define LOWEST 0x10000UL

/* mmap(2) but for the address. */
struct mapping {
	uint64_t length;
	long protection, flags, fd, offset;
};

#define STRIDE (1UL << 30)
#define GAP (1UL << 20)

NATIVE static int is_error(long result)
{
	return (unsigned long)result > -4096UL;
}

/* Emulators and old kernels may take NOREPLACE for a hint: elsewhere is the same as refused. */
NATIVE static long map_exactly(uint64_t address, const struct mapping *m)
{
	long length = (long)m->length;
	long result = hc_kernel_call(SYS_mmap, (long)address, length, m->protection, m->flags | MAP_FIXED_NOREPLACE, m->fd, m->offset);
	if (is_error(result) || (uint64_t)result == address) return result;
	hc_kernel_call(SYS_munmap, result, length, 0, 0, 0, 0);
	return -EEXIST;
}

ENTRY NATIVE long hc_map_at(uint64_t address, uint64_t length, long protection)
{
	const struct mapping mapping = {length, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0};
	return map_exactly(address, &mapping);
}

NATIVE static void advance(uint64_t *next, uint64_t end)
{
	__atomic_store_n(next, end, __ATOMIC_RELAXED);
}

struct span {
	uint64_t low, high;
};

/* The first free place in the span. What is in the way may be large: each step over it is twice as wide as the last one,
 * up to `widest`. */
NATIVE static long map_within(struct span span, uint64_t step, uint64_t widest, uint64_t *next, const struct mapping *mapping)
{
	uint64_t length = ROUND_UP(mapping->length, PAGE);
	for (uint64_t at = span.low; at + length <= span.high; at += step, step = step < widest ? 2 * step : step) {
		long result = map_exactly(at, mapping);
		if (result == -EEXIST) continue;
		if (!is_error(result)) advance(next, at + length);
		return result;
	}
	return -ENOMEM;
}

/* From the last mapping on; then from the arena's start, in strides, and once more looking for small gaps. */
NATIVE static long map_in(struct span arena, uint64_t *next, const struct mapping *mapping)
{
	uint64_t length = ROUND_UP(mapping->length, PAGE);
	if (length > arena.high - arena.low) return -ENOMEM;
	struct span rest = {__atomic_load_n(next, __ATOMIC_RELAXED), arena.high};
	long result = map_within(rest, length, STRIDE, next, mapping);
	if (result == -ENOMEM) result = map_within(arena, length, STRIDE, next, mapping);
	if (result == -ENOMEM) result = map_within(arena, GAP, GAP, next, mapping);
	return result;
}

/* May the program put something there? Not below what any kernel maps, over the control block, or in the runtime's arenas. */
NATIVE static int allowed(uint64_t address, uint64_t length)
{
	uint64_t end = address + length;
	if (end < address || address < LOWEST || end > HC_MMAP_ARENA_END) return 0;
	if (address < HC_CONTROL_ADDRESS + PAGE && end > HC_CONTROL_ADDRESS) return 0;
	return end <= HC_STACK_ARENA || address >= HC_STACK_ARENA_END;
}

NATIVE long hc_mmap(long address, long length, long protection, long flags, long fd, long offset)
{
	const struct mapping mapping = {(uint64_t)length, protection, flags, fd, offset};
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (!allowed((uint64_t)address, (uint64_t)length)) return -ENOMEM;
		if (!(flags & MAP_FIXED)) return map_exactly((uint64_t)address, &mapping);
		return hc_kernel_call(SYS_mmap, address, length, protection, flags, fd, offset);
	}
	if (length <= 0) return length ? -ENOMEM : -EINVAL;
	if (flags & MAP_32BIT) return -ENOMEM;
	/* A hint is followed in the arena only. */
	if (address && !(address & (PAGE - 1)) && (uint64_t)address >= HC_MMAP_ARENA &&
	    allowed((uint64_t)address, (uint64_t)length)) {
		long result = map_exactly((uint64_t)address, &mapping);
		if (result != -EEXIST) return result;
	}
	return map_in((struct span){HC_MMAP_ARENA, HC_MMAP_ARENA_END}, &next_mapping, &mapping);
}

NATIVE long hc_munmap(long address, long length)
{
	uint64_t start = (uint64_t)address, end = ROUND_UP(start + (uint64_t)length, PAGE);
	long result = hc_kernel_call(SYS_munmap, address, length, 0, 0, 0, 0);
	if (!result && start >= HC_MMAP_ARENA)
		__atomic_compare_exchange_n(&next_mapping, &end, start, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return result;
}

NATIVE long hc_mremap(long address, long old_length, long length, long flags, long target)
{
	if (flags & MREMAP_FIXED) {
		if (!allowed((uint64_t)target, (uint64_t)length)) return -ENOMEM;
		return hc_kernel_call(SYS_mremap, address, old_length, length, flags, target, 0);
	}
	if (length <= 0) return -EINVAL;
	if (old_length && !(flags & MREMAP_DONTUNMAP)) {
		long result = hc_kernel_call(SYS_mremap, address, old_length, length, flags & ~MREMAP_MAYMOVE, 0, 0);
		if (result != -ENOMEM || !(flags & MREMAP_MAYMOVE)) return result;
	}
	if (!(flags & MREMAP_MAYMOVE)) return -EINVAL;
	/* A place for it first, which the move then replaces. */
	long place = hc_mmap(0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (is_error(place)) return place;
	long result = hc_kernel_call(SYS_mremap, address, old_length, length, flags | MREMAP_FIXED, place, 0);
	if (is_error(result)) hc_munmap(place, length);
	return result;
}

/* Like the system call: the new end, or the old one when that cannot be. */
NATIVE long hc_brk(long address)
{
	uint64_t end = (uint64_t)address;
	if (end < HC_BRK_ARENA || end > HC_BRK_ARENA_END) return (long)break_end;
	uint64_t mapped = ROUND_UP(break_end, PAGE), wanted = ROUND_UP(end, PAGE);
	if (wanted > mapped) {
		const struct mapping growth = {wanted - mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0};
		if (is_error(map_exactly(mapped, &growth)))
			return (long)break_end;
	} else if (wanted < mapped) {
		hc_kernel_call(SYS_munmap, (long)wanted, (long)(mapped - wanted), 0, 0, 0, 0);
	}
	break_end = end;
	return (long)break_end;
}

/* Canonical struct shmid64_ds, as far as the segment's size. */
struct segment_status {
	uint64_t permissions[6];
	uint64_t size;
	uint64_t rest[8];
};

NATIVE long hc_shmat(long id, long address, long flags)
{
	struct segment_status status;
	long result = hc_kernel_call(SYS_shmctl, id, IPC_STAT, (long)&status, 0, 0, 0);
	if (result < 0) return result;
	if (address) {
		if (!allowed((uint64_t)address, status.size)) return -EINVAL;
		return hc_kernel_call(SYS_shmat, id, address, flags, 0, 0, 0);
	}
	long place = hc_mmap(0, (long)status.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (is_error(place)) return place;
	result = hc_kernel_call(SYS_shmat, id, place, flags | SHM_REMAP, 0, 0, 0);
	if (is_error(result)) hc_munmap(place, (long)status.size);
	return result;
}

NATIVE uint64_t hc_system_pages(uint64_t length)
{
	const struct mapping mapping = {length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0};
	long result = map_in((struct span){HC_SYSTEM_ARENA, HC_VDSO_SLOT}, &next_system, &mapping);
	return is_error(result) ? 0 : (uint64_t)result;
}
