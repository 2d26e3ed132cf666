/* SPDX-License-Identifier: 0BSD */
#include "support.h"

#include <asm/unistd_64.h>

#ifdef __x86_64__
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %rsp\n\tcall start\n");

long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#else
__asm__(".globl _start\n_start:\n\tmov x29, xzr\n\tbl start\n");
#endif

static long untranslated = -1;
static int failures;

/* In a program the common runtime has it. */
void hc_trace_enosys(long number) { untranslated = number; }

static size_t length_of(const char *text) {
  size_t n = 0;
  while (text[n]) n++;
  return n;
}

void say_text(const char *what, const char *text) {
  CALL(write, 1, what, length_of(what));
  CALL(write, 1, " ", 1);
  CALL(write, 1, text, length_of(text));
  CALL(write, 1, "\n", 1);
}

void say(const char *what, long value) {
  char digits[24];
  char *at = digits + sizeof digits - 1;
  unsigned long left = value < 0 ? -(unsigned long)value : (unsigned long)value;
  *at = 0;
  do *--at = '0' + left % 10;
  while (left /= 10);
  if (value < 0) *--at = '-';
  say_text(what, at);
}

void check(int holds, const char *what) {
  if (holds || failures++ >= 20) return;
  say_text("wrong:", what);
}

uint64_t random_bits(void) {
  static uint64_t state = 88172645463325252u; /* xorshift64 (Marsaglia 2003) */
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

_Noreturn void start(void) {
  run();
  say("failures", failures);
  for (;;) CALL(exit_group, failures != 0);
}
