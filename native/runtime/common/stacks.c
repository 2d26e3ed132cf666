/* SPDX-License-Identifier: 0BSD
 *
 * Memory of a thread. One slot of the stack arena, low to high:
 *
 *     thread block, room for thread-locals, scratch stack of hc_resume
 *     signal stacks: the kernel's alternate stack, then a data stack for each depth of handlers
 *     native stack (down), data stack (up)
 *
 * with holes between them that stay unmapped: the arena is ours alone, so a hole guards as well as PROT_NONE pages do, and
 * CRIU has nothing to scan. The holes beside the first thread's big stacks are so wide that no sane frame jumps over them;
 * other threads have to fit in by the thousand.
 */
#include "runtime.h"

#define KIBIBYTE 1024UL
#define MEBIBYTE (1024 * KIBIBYTE)
#define SCRATCH (32 * KIBIBYTE)

struct plan {
	uint64_t guard;         /* beside the stacks proper */
	uint64_t small_guard;   /* beside everything else */
	uint64_t signal_native; /* the kernel's alternate stack */
	uint64_t signal_data;   /* of each level */
	uint64_t levels;        /* the last one is for hc_last_stack */
};

static const struct plan first_plan = {1024 * MEBIBYTE, MEBIBYTE, MEBIBYTE, MEBIBYTE, 64};
static const struct plan plan = {MEBIBYTE, 64 * KIBIBYTE, 256 * KIBIBYTE, 128 * KIBIBYTE, 16};

/* Where the next slot begins. Slots are never given back: tools may read a block at any time. */
static uint64_t next_slot = HC_STACK_ARENA;

NATIVE static struct hc_thread_block *map_slot(const struct plan *p, uint64_t stack, uint64_t locals)
{
	uint64_t head = ROUND_UP(sizeof(struct hc_thread_block) + locals, PAGE);
	uint64_t signals = head + p->small_guard + SCRATCH;
	uint64_t levels = signals + p->small_guard + p->signal_native;
	uint64_t native = levels + p->levels * (p->small_guard + p->signal_data) + p->guard;
	uint64_t size = native + 2 * stack + p->guard;
	uint64_t slot = __atomic_fetch_add(&next_slot, size, __ATOMIC_RELAXED), end = slot + size;

	const long access = PROT_READ | PROT_WRITE;
	if (end > HC_STACK_ARENA_END || hc_map_at(slot, head, access) < 0 ||
	    hc_map_at(slot + head + p->small_guard, SCRATCH, access) < 0 ||
	    hc_map_at(slot + signals + p->small_guard, p->signal_native, access) < 0 ||
	    hc_map_at(slot + native, 2 * stack, access) < 0) {
		if (end <= HC_STACK_ARENA_END) hc_kernel_call(SYS_munmap, (long)slot, (long)size, 0, 0, 0, 0);
		__atomic_compare_exchange_n(&next_slot, &end, slot, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
		return 0;
	}
	struct hc_thread_block *block = (void *)slot;
	block->public.resume_sp = slot + signals;
	block->public.native_low = slot + native;
	block->public.native_high = block->public.data_low = slot + native + stack;
	block->public.data_high = slot + native + 2 * stack;
	block->signal_native = slot + signals + p->small_guard;
	block->signal_native_size = p->signal_native;
	block->signal_data = slot + levels + p->small_guard;
	block->signal_stride = p->small_guard + p->signal_data;
	block->signal_size = p->signal_data;
	block->signal_levels = p->levels;
	block->alternate_flags = SS_DISABLE;
	return block;
}

NATIVE struct hc_thread_block *hc_first_stacks(uint64_t stack, uint64_t locals)
{
	return map_slot(&first_plan, stack, locals);
}

/* Handlers of a thread with a large stack may need more than others'. */
NATIVE struct hc_thread_block *hc_new_stacks(uint64_t stack, uint64_t locals)
{
	struct plan own = plan;
	if (stack > own.signal_data) own.signal_data = stack < MEBIBYTE ? ROUND_UP(stack, PAGE) : MEBIBYTE;
	return map_slot(&own, stack, locals);
}

/* The level's data stack, mapped; 0 when no memory is left. */
NATIVE static uint64_t level_stack(struct hc_thread_block *self, uint64_t level)
{
	uint64_t at = self->signal_data + level * self->signal_stride;
	if (self->signal_mapped & 1UL << level) return at;
	if (hc_map_at(at, self->signal_size, PROT_READ | PROT_WRITE) < 0) return 0;
	self->signal_mapped |= 1UL << level;
	return at;
}

/* First free byte for a handler at depth in_handler (already counted): its level's own stack, or the program's alternate
 * stack when it asked for that and is not on it. Returns 0 when no memory is left. */
NATIVE uint64_t hc_handler_stack(struct hc_thread_block *self, uint64_t flags)
{
	uint32_t depth = self->public.in_handler;
	if ((flags & SA_ONSTACK) && !(self->alternate_flags & SS_DISABLE) && !self->alternate_depth) {
		self->alternate_depth = depth;
		return ROUND_UP(self->alternate_stack, 16);
	}
	return depth < self->signal_levels ? level_stack(self, depth - 1) : 0;
}

/* For what a thread does when it has left all its frames for good, maybe from within a handler: their data may be in use by
 * others, so they stay what they are. */
NATIVE uint64_t hc_last_stack(struct hc_thread_block *self)
{
	return level_stack(self, self->signal_levels - 1);
}
