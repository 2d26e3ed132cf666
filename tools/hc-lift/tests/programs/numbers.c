// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers to text and back, and the C library's mathematics: x87 and SSE as programs use them.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const texts[] = {"1.5",  "0.1", "1e-320", "179769313486231580793e289", "3.14159265358979323846264",
                                    "nan", "inf", "-0x1.8p3"};

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("%d: %s\n", i, argv[i]);
  volatile double values[] = {1.0, 0.1, 1e300, 1e-310, 3.14159, -2.5, 1.0 / 3, 123456789.123456789, 0.0, -0.0};
  for (int i = 0; i < 10; i++) printf("%g %.17g %a %f %e\n", values[i], values[i], values[i], values[i], values[i]);
  printf("%Lf %La\n", (long double)values[1] * values[4], (long double)1 / 3);
  for (int i = 0; i < 8; i++)
    printf("%s -> %.17g %.20Lg %.9g\n", texts[i], strtod(texts[i], 0), strtold(texts[i], 0), strtof(texts[i], 0));
  for (int i = 1; i < 10; i++)
    printf("%.17g %.17g %.17g %.17g %.17g %.17g\n", sin(i * .7), exp(i * .3), log(i), pow(i, 1.5), sqrt(i), fmod(i * 7.3, 2.1));
  printf("%.18Lg %.18Lg %.18Lg\n", sqrtl(2.0L), fmodl(1e18L, 7.1L), floorl(-2.5L));
  for (int i = 3; i < 7; i++) printf("%ld %d %lld ", lrint(values[i]), (int)values[i], llrintl(values[i] + 7.5L));
  float sum = 0;
  for (int i = 1; i < 100; i++) sum += 1.0f / i;
  printf("%.9g\n", sum);
  return argc;
}
