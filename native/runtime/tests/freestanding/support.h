/* SPDX-License-Identifier: 0BSD
 *
 * Test programs run without a libc, on either ISA, and make canonical system calls: on aarch64 through the
 * translation, on x86-64 directly. What they print must be the same.
 */
#ifndef HC_TEST_SUPPORT_H
#define HC_TEST_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f);

#define FIRST_6(n, a, b, c, d, e, f, ...) \
  hc_kernel_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* CALL(getpid), CALL(open, path, flags): by name, with up to six arguments. */
#define CALL(name, ...) FIRST_6(__NR_##name __VA_OPT__(, ) __VA_ARGS__, 0, 0, 0, 0, 0, 0)

void say(const char *what, long value);
void say_text(const char *what, const char *text);
/* A line for what does not hold, and exit code 1 in the end. */
void check(int holds, const char *what);
#define CHECK(condition) check((condition) != 0, #condition)

/* The same numbers everywhere. */
uint64_t random_bits(void);

void run(void);

#endif
