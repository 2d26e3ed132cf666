/* SPDX-License-Identifier: 0BSD
 *
 * What the runtime's part that sees musl's structs and the rest of it (../runtime.h) tell each other. Neither can include
 * the other's headers.
 */
#ifndef HC_THREAD_START_H
#define HC_THREAD_START_H

#include <stdint.h>

struct hc_thread_block;

/* Arguments of clone(2), as musl gives them. */
struct hc_thread_start {
	uint64_t flags, function, argument, tp, parent_tid, child_tid;
};

struct hc_thread_block *__hc_new_thread(uint64_t stack, uint64_t locals);
/* [low, high) of the calling thread's when block is 0. */
void __hc_data_stack(const struct hc_thread_block *block, uint64_t bounds[2]);
long __hc_start_thread(struct hc_thread_block *block, const struct hc_thread_start *start);
_Noreturn void __hc_unmap_and_end(uint64_t base, uint64_t size);
_Noreturn void __hc_abandon(uint64_t function, uint64_t argument, uint64_t mask);
/* The calling thread leaves its blocking call, now or when it comes to it. */
void __hc_kick(void);
/* May the thread's blocking call end because it is cancelled? */
int __hc_cancelled(void);
/* A thread that others wait for in signal handlers, which don't park, doesn't park either. */
void __hc_defer_parks(int how);

#endif
