/* SPDX-License-Identifier: 0BSD */
#include "support.h"

int fegetround(void);
int __fesetround(int);
int feclearexcept(int);
int feraiseexcept(int);
int fetestexcept(int);
typedef struct {
  unsigned words[8];
} fenv_t;
int fegetenv(fenv_t *);
int fesetenv(const fenv_t *);
unsigned hc_fp_get(void);
void hc_fp_set(unsigned);

static volatile double one = 1, three = 3, zero = 0, huge = 0x1p1000, tiny = 0x1p-1000, result;

static void say_bits(const char *what, double value) {
  union {
    double value;
    long bits;
  } as = {value};
  say(what, as.bits);
}

void run(void) {
  static const int modes[] = {0, 0x400, 0x800, 0xc00};
  fenv_t kept;
  for (int i = 0; i < 4; i++) {
    __fesetround(modes[i]);
    say("mode", fegetround());
    say_bits("  1/3", one / three);
    say_bits("  -1/3", -one / three);
  }
  __fesetround(0x800);
  feclearexcept(61);
  say("none", fetestexcept(61));
  result = one / zero;
  say("division by zero", fetestexcept(61));
  result = zero / zero;
  say("invalid", fetestexcept(61));
  feclearexcept(1 | 4);
  say("cleared", fetestexcept(61));
  result = huge * huge;
  say("overflow", fetestexcept(61));
  feclearexcept(61);
  result = tiny * tiny;
  say("underflow", fetestexcept(61));
  feraiseexcept(1);
  say("raised", fetestexcept(61));
  fegetenv(&kept);
  unsigned word = hc_fp_get();
  say("word", word & ~2u);
  fesetenv((const fenv_t *)-1);
  say("default", fetestexcept(61) | fegetround());
  hc_fp_set(word);
  say("set", fetestexcept(61) | fegetround());
  fesetenv((const fenv_t *)-1);
  fesetenv(&kept);
  say("kept", fetestexcept(61) | fegetround());
}
