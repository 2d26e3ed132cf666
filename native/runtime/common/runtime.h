/* SPDX-License-Identifier: 0BSD
 *
 * Functions that the parts of the runtime share. Everything here is native (C convention, no migration point) unless
 * marked PORTABLE.
 */
#ifndef HC_COMMON_RUNTIME_H
#define HC_COMMON_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#include "hc/abi.h"
#include "kernel.h"
#include "thread.h"
#include "musl/thread-start.h"

/* Keeps the C calling convention and holds no migration point (hc-codegen enforces it). */
#define NATIVE __attribute__((annotate("hc.native")))
/* Called from assembly or machine code of one ISA, maybe of the scribbling runtime only: must survive the link of the bitcode. */
#define ENTRY __attribute__((used, retain))
#define PORTABLE

#define PAGE 4096UL
#define ROUND_UP(x, a) (((x) + (a) - 1) & ~((a) - 1))

extern struct hc_control hc_control;

/* --- per ISA --------------------------------------------------------------------------------------- */

uint32_t hc_isa(void); /* HC_ISA_* */
/* A call by canonical number and structs; -errno on failure. */
long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f);
/* The same, but leaves with HC_RESTART when a park is requested before it has begun or interrupts it. */
long hc_interruptible(long n, const long arguments[6]);
void hc_set_thread_pointer(uint64_t tp);
/* Rounding mode and exceptions, in <fenv.h>'s canonical constants. */
unsigned hc_fp_get(void);
void hc_fp_set(unsigned state);
long hc_vdso_call(uint64_t function, long a, long b);
long __hc_call_portable(uint64_t function, uint64_t data, long a, long b, long c);
void hc_resume(void);
/* clone(2) for the block's thread, which begins in __hc_begin_thread; pointers are kernel arguments. */
long hc_clone_thread(long flags, struct hc_thread_block *block, uint64_t parent_tid, uint64_t child_tid);
/* Leaves all frames behind and calls a portable function as the outermost one. */
_Noreturn void hc_start_over(struct hc_thread_block *block, uint64_t function, uint64_t argument, uint64_t data);
void hc_signal_entry(void);
void hc_signal_return(void);
/* The stub's range: a thread that stands in [begin, end) has not made its call (again) yet. */
extern const char hc_interruptible_begin[], hc_interruptible_end[], hc_interruptible_restart[];

struct hc_context {
	uint64_t pc, sp, result, mask;
};
void hc_context_read(const void *ucontext, struct hc_context *context);
void hc_context_write(void *ucontext, const struct hc_context *context); /* all but sp */

/* Nothing, or the scribbling debug runtime (scribble/). */
void hc_debug_start(char **envp);
void hc_debug_exit(void);

/* --- call-site table of this ISA -------------------------------------------------------------------- */

extern const struct hc_site __hc_sites_start[], __hc_sites_end[];
const struct hc_site *hc_site_at(uint64_t address);
const struct hc_site *hc_site_with_id(uint32_t id);
/* A call site on the way out: its address, and the stack pointers there. */
struct hc_walk {
	uint64_t pc, sp, data;
};
uint64_t hc_step(struct hc_walk *walk);
void hc_record_frames(struct hc_thread_block *self);
uint64_t hc_recorded_sp(const struct hc_thread_block *self, uint64_t base);

/* --- start-up ----------------------------------------------------------------------------------------- */

void hc_leave_kernel_stack(void);

/* --- memory ------------------------------------------------------------------------------------------ */

long hc_mmap(long address, long length, long protection, long flags, long fd, long offset);
long hc_munmap(long address, long length);
long hc_mremap(long address, long old_length, long length, long flags, long target);
long hc_brk(long address);
long hc_shmat(long id, long address, long flags);
/* Anonymous memory of the runtime's own, read-write; 0 on failure. */
uint64_t hc_system_pages(uint64_t length);
/* Exactly here, or -errno. */
long hc_map_at(uint64_t address, uint64_t length, long protection);

/* --- threads ------------------------------------------------------------------------------------------ */

/* Native and data stack of `stack` bytes each; the block lies in the same slot, with room for thread-locals behind it. */
struct hc_thread_block *hc_first_stacks(uint64_t stack, uint64_t locals);
struct hc_thread_block *hc_new_stacks(uint64_t stack, uint64_t locals);
uint64_t hc_locals_size(void);
/* The thread pointer, with thread-locals as at the begin in that room. */
uint64_t hc_set_up_locals(struct hc_thread_block *block);
uint64_t hc_last_stack(struct hc_thread_block *self);
void hc_enter_thread(struct hc_thread_block *block, uint64_t tp);
void hc_forget_other_threads(void);
/* exit(2): ends the calling thread. */
_Noreturn void hc_exit(long status);

/* --- signals ------------------------------------------------------------------------------------------ */

void hc_start_signals(void);
void hc_start_thread_signals(struct hc_thread_block *self);
uint64_t hc_block_signals(void);
void hc_restore_signals(uint64_t mask);
uint64_t hc_deliverable(uint64_t mask); /* with HC_SIGNAL as it has to be */
long hc_rt_sigaction(long signal, long action, long old, long size);
long hc_rt_sigprocmask(long how, long set, long old, long size);
long hc_sigaltstack(long stack, long old);
struct hc_sigaction hc_action(int signal);
uint64_t hc_handler_stack(struct hc_thread_block *self, uint64_t flags);
void hc_leave_handlers(struct hc_thread_block *self, uint32_t depth);
void hc_announce_parked(struct hc_thread_block *self);
void hc_take_back_parked(struct hc_thread_block *self);

/* --- time ---------------------------------------------------------------------------------------------- */

long hc_clock_gettime(long clock, struct hc_timespec *result);
long hc_gettimeofday(struct hc_timeval *time, int32_t *zone);
long hc_time(int64_t *result);
int64_t hc_clock_offset(long clock);
void hc_park_clocks(struct hc_thread_block *self);
void hc_resume_clocks(struct hc_thread_block *self);
void hc_hold_itimers(void);
void hc_give_itimers(void);
void hc_forget_itimers(void);
long hc_with_itimers(long n, long a, long b, long c);
long hc_set_timer(long call, long id, long flags, long setting, long old);
uint64_t hc_vdso_symbol(uint64_t header, const char *name);

/* --- files ------------------------------------------------------------------------------------------------ */

long hc_seen_stat(long result, struct hc_stat *stat);
long hc_seen_statx(long result, struct hc_statx *statx);

/* --- system calls --------------------------------------------------------------------------------------- */

long __hc_syscall(long n, long a, long b, long c, long d, long e, long f);
PORTABLE long __hc_syscall_cp(long n, long a, long b, long c, long d, long e, long f);
PORTABLE long __hc_syscall_cancel(long n, long a, long b, long c, long d, long e, long f);
/* HC_TRACE_ENOSYS */
void hc_start_trace(char **envp);
void hc_trace_enosys(long number);
long hc_fork(void);
long hc_clone_process(long flags, long parent_tid, long child_tid);
long hc_arch_prctl(long code, long address);

/* --- replaced by the compiler ------------------------------------------------------------------------------ */

PORTABLE void __hc_point(void);
PORTABLE _Noreturn void __hc_longjmp(void *buffer, int value);
extern const char __hc_tls_image[];
extern const unsigned long __hc_tls_image_size, __hc_tls_size, __hc_tls_align;
extern const long __hc_self_offset;

#endif
