/* SPDX-License-Identifier: 0BSD
 *
 * Where a parked thread waits. __hc_park has stored its data-stack pointer, stack pointer and return address, and jumped
 * to hc_resume on the scratch stack; a thread rebuilt from images on either ISA begins at hc_resume too, with nothing but
 * its thread pointer.
 */
#include "runtime.h"

/* In this order, so that never more threads are PARKED than `parked` says. */
NATIVE void hc_announce_parked(struct hc_thread_block *self)
{
	__atomic_fetch_add(&hc_control.parked, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&self->public.state, HC_THREAD_PARKED, __ATOMIC_SEQ_CST);
}

NATIVE void hc_take_back_parked(struct hc_thread_block *self)
{
	__atomic_store_n(&self->public.state, HC_THREAD_RUNNING, __ATOMIC_SEQ_CST);
	__atomic_fetch_sub(&hc_control.parked, 1, __ATOMIC_SEQ_CST);
}

NATIVE static int requested(void)
{
	return __atomic_load_n(&hc_control.request, __ATOMIC_SEQ_CST) == HC_PARK;
}

NATIVE static void enter(struct hc_thread_block *self)
{
	/* Only HC_SIGNAL stays open, as it wakes us, and what changes all threads at once (musl's __synccall), as a thread
	 * waits for us then that can't park: a handler that ran now would be dumped half done. Other signals wait with the
	 * kernel, through a move too. */
	self->mask = hc_block_signals();
	hc_park_clocks(self);
	self->floating_point = hc_fp_get();
	hc_hold_itimers();
	hc_announce_parked(self);
}

NATIVE static void take_up(struct hc_thread_block *self)
{
	if (self->generation == hc_control.generation) return;
	hc_fp_set(self->floating_point);
	hc_resume_clocks(self);
	if (self->jumps) hc_record_frames(self);
	self->generation = hc_control.generation;
}

ENTRY NATIVE struct hc_thread *__hc_wait_parked(void)
{
	struct hc_thread_block *self = __hc_self;
	if (self->public.state != HC_THREAD_PARKED) enter(self);
	for (;;) {
		while (requested())
			hc_kernel_call(SYS_futex, (long)&hc_control.request, FUTEX_WAIT | FUTEX_PRIVATE, HC_PARK, 0, 0, 0);
		take_up(self);
		hc_give_itimers();
		hc_take_back_parked(self);
		/* Asked again before that was visible: whoever asked may have counted us as parked. */
		if (!requested()) break;
		hc_hold_itimers();
		hc_announce_parked(self);
	}
	hc_restore_signals(self->mask);
	return &self->public;
}
