/* SPDX-License-Identifier: 0BSD
 *
 * The call-site table of this ISA's executable (hc/abi.h) and the walk through a parked thread's frames.
 */
#include "runtime.h"

ENTRY NATIVE const struct hc_site *hc_site_at(uint64_t address)
{
	const struct hc_site *low = __hc_sites_start, *high = __hc_sites_end;
	while (low < high) {
		const struct hc_site *middle = low + (high - low) / 2;
		if (middle->address == address) return middle;
		if (middle->address < address) low = middle + 1;
		else high = middle;
	}
	return 0;
}

/* Tail duplication gives an id several addresses; any of them will do to go on at. */
NATIVE const struct hc_site *hc_site_with_id(uint32_t id)
{
	for (const struct hc_site *site = __hc_sites_start; site < __hc_sites_end; site++)
		if (site->id == id) return site;
	return 0;
}

/* Steps to the caller. Gives the base of the portable frame just left, 0 at the outermost frame. */
ENTRY NATIVE uint64_t hc_step(struct hc_walk *walk)
{
	const struct hc_site *site = hc_site_at(walk->pc);
	if (!site || !site->id) return 0;
	uint64_t base = (site->data_frame & HC_SITE_DYNAMIC) ? *(uint64_t *)(walk->data - 8) : walk->data - (site->data_frame >> 1);
	walk->sp += site->native_frame;
	walk->pc = *(uint64_t *)(walk->sp + (int64_t)site->return_slot);
	walk->data = base;
	return base;
}

NATIVE static uint64_t count_frames(struct hc_walk walk)
{
	uint64_t count = 0;
	while (hc_step(&walk)) count++;
	return count;
}

/* After a move the native stack pointers in old jmp_bufs mean nothing. What identifies a frame on both ISAs is the base of
 * its portable frame; so note where each of them is now. They stay there until the next move. */
NATIVE void hc_record_frames(struct hc_thread_block *self)
{
	struct hc_walk walk = {self->public.pc, self->public.sp, self->public.data};
	uint64_t count = count_frames(walk);
	if (count > self->frame_capacity) {
		uint64_t size = ROUND_UP((count + count / 2) * sizeof(struct hc_frame), PAGE);
		uint64_t memory = hc_system_pages(size);
		if (!memory) return;
		if (self->frames)
			hc_kernel_call(SYS_munmap, (long)self->frames, (long)(self->frame_capacity * sizeof(struct hc_frame)), 0, 0, 0, 0);
		self->frames = (struct hc_frame *)memory;
		self->frame_capacity = size / sizeof(struct hc_frame);
	}
	self->frame_count = count;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t sp = walk.sp;
		self->frames[i] = (struct hc_frame){hc_step(&walk), sp};
	}
}

/* Bases grow with depth; the innermost of equal ones is the frame that holds something. */
NATIVE uint64_t hc_recorded_sp(const struct hc_thread_block *self, uint64_t base)
{
	uint64_t low = 0, high = self->frame_count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (self->frames[middle].base <= base) high = middle;
		else low = middle + 1;
	}
	return low < self->frame_count && self->frames[low].base == base ? self->frames[low].sp : 0;
}
