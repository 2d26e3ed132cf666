/* SPDX-License-Identifier: 0BSD
 *
 * System calls of the canonical program ABI (x86-64 Linux: numbers, flags, structs) on an aarch64 kernel.
 *
 * One call is made in three steps, so that an interruptible stub can issue the middle one itself:
 *
 *     struct hc_call call = {.number = n, .args = {a, b, c, d, e, f}};
 *     if (hc_translate_in(&call)) return call.result;           // done: emulated, or can't be translated
 *     long raw = svc(call.kernel_number, call.kernel_args[0..5]);
 *     return hc_translate_out(&call, raw);
 *
 * A call that was interrupted (-EINTR) goes through hc_translate_out as well. To issue it again, start over with
 * hc_translate_in: it reads number and args only, and never changes them.
 *
 * What a program can still see of the node: uname(2) names its machine, /proc shows its own flags and structs, a bad
 * address given where a struct is converted is a SIGSEGV instead of -EFAULT. seccomp programs are refused, as they look at
 * the node's call numbers; ioctl(2) goes through as it is, since its structs are the same (but LOOP_GET_STATUS's old one).
 *
 * The code holds no writable data and takes no locks; it may be used in signal handlers and by several threads.
 */
#ifndef HC_AARCH64_SYSCALLS_H
#define HC_AARCH64_SYSCALLS_H

/* Offsets, for assembly. */
#define HC_CALL_NUMBER 0
#define HC_CALL_ARGS 8
#define HC_CALL_KERNEL_NUMBER 56
#define HC_CALL_KERNEL_ARGS 64
#define HC_CALL_RESULT 112
#define HC_CALL_SIZE 288

#ifndef __ASSEMBLER__

struct hc_call {
  long number;           /*   0 in: canonical number */
  long args[6];          /*   8 in: canonical arguments */
  long kernel_number;    /*  56 out: what the kernel is to get in x8 */
  long kernel_args[6];   /*  64 out: and in x0-x5 */
  long result;           /* 112 out, if hc_translate_in returned 1 */
  long conversion;       /* 120 private */
  unsigned long scratch[20]; /* 128 private: converted structs, which kernel_args may point to */
};

/* 0: issue the kernel call, then hc_translate_out. 1: nothing to issue, the result is in call->result. */
int hc_translate_in(struct hc_call *call);

/* Takes the kernel's result (-errno on failure), converts what it wrote, gives the canonical result (-errno). */
long hc_translate_out(struct hc_call *call, long result);

/* All three steps at once. Not interruptible by a park. */
long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f);

/* Defined by the common runtime (common/trace.c): told of every call that got -ENOSYS because it has no
 * translation. Never fails, keeps no pointer. */
void hc_trace_enosys(long number);

#endif
#endif
