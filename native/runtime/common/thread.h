/* SPDX-License-Identifier: 0BSD
 *
 * The runtime's own view of a thread: struct hc_thread (hc/abi.h) and what only the runtime reads. Assembly uses the
 * offsets; common/threads.c checks them.
 */
#ifndef HC_COMMON_THREAD_H
#define HC_COMMON_THREAD_H

/* hc_control */
#define HC_CONTROL_REQUEST 8
#define HC_CONTROL_GENERATION 20

/* struct hc_thread */
#define HC_THREAD_DATA 16
#define HC_THREAD_SP 24
#define HC_THREAD_PC 32
#define HC_THREAD_NATIVE_HIGH 48
#define HC_THREAD_DATA_LOW 56
#define HC_THREAD_TP 72
#define HC_THREAD_RESUME_SP 80
#define HC_THREAD_IN_HANDLER 88

/* struct hc_thread_block */
#define HC_THREAD_JUMPS 96
#define HC_THREAD_KICKED 104

/* Words of a jmp_buf. */
#define HC_JUMP_DATA 0
#define HC_JUMP_FRAME 8
#define HC_JUMP_SITE 16
#define HC_JUMP_SP 24
#define HC_JUMP_PC 32
#define HC_JUMP_GENERATION 40
#define HC_JUMP_IN_HANDLER 48

/* What the interruptible stub returns when it left without the system call's result. No call returns it. */
#define HC_RESTART (-0x10000)

#ifndef __ASSEMBLER__

#include "hc/abi.h"

/* One live frame of a thread that has moved; see sites.c. */
struct hc_frame {
	uint64_t base; /* of the portable frame */
	uint64_t sp;   /* native stack pointer once a call made by the frame has returned */
};

struct hc_thread_block {
	struct hc_thread public;
	uint32_t jumps;       /* setjmp was called: the frames must be recorded when the thread moves */
	uint32_t generation;  /* of hc_control when the thread last ran */
	uint32_t kicked;      /* leave the blocking call once, to see whether the thread is cancelled; musl/cancel.c */
	uint32_t floating_point; /* rounding mode and exceptions of a parked thread: builtins/fenv.c */
	uint64_t mask;        /* signal mask to restore after a park, or to begin with */
	int64_t cpu_parked_at; /* CLOCK_THREAD_CPUTIME_ID; clock.c */
	int64_t cpu_offset;
	uint32_t interrupted; /* HC_HANDLER_*: which handlers ran since the blocking call began */
	uint32_t alternate_depth; /* in_handler of the handler that entered the alternate stack, or 0 */
	struct hc_frame *frames;  /* recorded at the last move, innermost first */
	uint64_t frame_count;
	uint64_t frame_capacity;
	uint64_t alternate_stack; /* sigaltstack(2) as the program set it */
	uint64_t alternate_size;
	uint64_t alternate_flags;
	uint64_t signal_native;  /* the kernel's alternate stack */
	uint64_t signal_native_size;
	uint64_t signal_data;    /* data stacks of signal handlers: signal_levels of signal_size, every signal_stride bytes */
	uint64_t signal_stride;
	uint64_t signal_size;
	uint64_t signal_levels;
	uint64_t signal_mapped;  /* a bit for each level */
	uint64_t clear_tid;      /* what the kernel clears when the thread ends */
	uint64_t function, argument; /* what the thread begins with */
	struct hc_thread_block *next_gone; /* of those that wait to be used again */
};

#define HC_HANDLER_RESTARTS 1 /* with SA_RESTART */
#define HC_HANDLER_BREAKS 2   /* without */

extern _Thread_local struct hc_thread_block *__hc_self;

#endif
#endif
