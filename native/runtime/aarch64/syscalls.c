/* SPDX-License-Identifier: 0BSD */
#include "syscalls.h"

#include <stddef.h>

#include "conversions.h"
#include "kernel.h"

_Static_assert(offsetof(struct hc_call, number) == HC_CALL_NUMBER, "offset for assembly");
_Static_assert(offsetof(struct hc_call, args) == HC_CALL_ARGS, "offset for assembly");
_Static_assert(offsetof(struct hc_call, kernel_number) == HC_CALL_KERNEL_NUMBER, "offset for assembly");
_Static_assert(offsetof(struct hc_call, kernel_args) == HC_CALL_KERNEL_ARGS, "offset for assembly");
_Static_assert(offsetof(struct hc_call, result) == HC_CALL_RESULT, "offset for assembly");
_Static_assert(sizeof(struct hc_call) == HC_CALL_SIZE, "size for assembly");

/* What an argument of the kernel's call is made of. */
enum source {
  IN_ORDER = -1, /* as the first: all six are the caller's */
  ZERO = 0,
  A0,
  A1,
  A2,
  A3,
  A4,
  A5,
  CURRENT_DIRECTORY,
  NO_FOLLOW,
  REMOVE_DIRECTORY,
  CREATE_TRUNCATED,
  CHILD_SIGNAL,
  SIGNAL_SET_SIZE,
  COARSE_CLOCK,
};

static const short constants[] = {
    [CURRENT_DIRECTORY] = KERNEL_AT_FDCWD,
    [NO_FOLLOW] = KERNEL_AT_SYMLINK_NOFOLLOW,
    [REMOVE_DIRECTORY] = KERNEL_AT_REMOVEDIR,
    [CREATE_TRUNCATED] = KERNEL_O_CREAT | KERNEL_O_WRONLY | KERNEL_O_TRUNC,
    [CHILD_SIGNAL] = KERNEL_SIGCHLD,
    [SIGNAL_SET_SIZE] = KERNEL_SIGSET_SIZE,
    [COARSE_CLOCK] = KERNEL_CLOCK_REALTIME_COARSE,
};

struct row {
  short kernel_plus_1; /* 0: no translation; what the table leaves out has none either */
  unsigned char conversion;
  signed char arguments[6];
};

enum kernel_number {
#define SAME(number, name, kernel) KERNEL_##name = kernel,
#define CONVERT(number, name, kernel, conversion) KERNEL_##name = kernel,
#define INSTEAD(number, name, other, conversion, ...)
#define NONE(number, name)
#include "syscall-table.h"
#undef SAME
#undef CONVERT
#undef INSTEAD
#undef NONE
};

#define SAME(number, name, kernel) [number] = {kernel + 1, CONVERT_nothing, {IN_ORDER}},
#define CONVERT(number, name, kernel, conversion) [number] = {kernel + 1, CONVERT_##conversion, {IN_ORDER}},
#define INSTEAD(number, name, other, conversion, ...) \
  [number] = {KERNEL_##other + 1, CONVERT_##conversion, {__VA_ARGS__}},
#define NONE(number, name) [number] = {0},

static const struct row rows[] = {
#include "syscall-table.h"
};

static void fill_arguments(struct hc_call *call, const signed char *sources) {
  for (int i = 0; i < 6; i++) {
    int source = sources[i];
    if (sources[0] == IN_ORDER)
      call->kernel_args[i] = call->args[i];
    else if (source >= A0 && source <= A5)
      call->kernel_args[i] = call->args[source - A0];
    else
      call->kernel_args[i] = constants[source];
  }
}

int hc_translate_in(struct hc_call *call) {
  unsigned long number = call->number;
  if (number >= sizeof rows / sizeof *rows || !rows[number].kernel_plus_1) {
    hc_trace_enosys(number);
    call->result = -KERNEL_ENOSYS;
    return 1;
  }
  const struct row *row = &rows[number];
  call->kernel_number = row->kernel_plus_1 - 1;
  call->conversion = row->conversion;
  fill_arguments(call, row->arguments);
  if (!hc_conversions[row->conversion].in) return 0;
  long error = hc_conversions[row->conversion].in(call);
  if (!error) return 0;
  call->result = error;
  return 1;
}

long hc_translate_out(struct hc_call *call, long result) {
  return hc_conversions[call->conversion].out ? hc_conversions[call->conversion].out(call, result) : result;
}

long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f) {
  struct hc_call call;
  call.number = n;
  call.args[0] = a, call.args[1] = b, call.args[2] = c, call.args[3] = d, call.args[4] = e, call.args[5] = f;
  if (hc_translate_in(&call)) return call.result;
  register long x8 __asm__("x8") = call.kernel_number;
  register long x0 __asm__("x0") = call.kernel_args[0];
  register long x1 __asm__("x1") = call.kernel_args[1];
  register long x2 __asm__("x2") = call.kernel_args[2];
  register long x3 __asm__("x3") = call.kernel_args[3];
  register long x4 __asm__("x4") = call.kernel_args[4];
  register long x5 __asm__("x5") = call.kernel_args[5];
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return hc_translate_out(&call, x0);
}
