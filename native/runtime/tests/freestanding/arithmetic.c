/* SPDX-License-Identifier: 0BSD
 *
 * Builtins on random operands. On x86-64 against the compiler's own library, which the operators below call: there our
 * functions have the prefix hc_. On aarch64 the operators call ours; the digests must be those of x86-64.
 */
#include "support.h"

typedef __int128 wide;
typedef unsigned __int128 unsigned_wide;

#ifdef __x86_64__
#define OURS(name) hc_##name
#else
#define OURS(name) name
#endif

unsigned_wide OURS(__udivti3)(unsigned_wide, unsigned_wide);
unsigned_wide OURS(__umodti3)(unsigned_wide, unsigned_wide);
unsigned_wide OURS(__udivmodti4)(unsigned_wide, unsigned_wide, unsigned_wide *);
wide OURS(__divti3)(wide, wide);
wide OURS(__modti3)(wide, wide);
wide OURS(__divmodti4)(wide, wide, wide *);
wide OURS(__multi3)(wide, wide);
wide OURS(__muloti4)(wide, wide, int *);
wide OURS(__ashlti3)(wide, int);
wide OURS(__ashrti3)(wide, int);
wide OURS(__lshrti3)(wide, int);
double OURS(__floattidf)(wide);
float OURS(__floattisf)(wide);
double OURS(__floatuntidf)(unsigned_wide);
float OURS(__floatuntisf)(unsigned_wide);
wide OURS(__fixdfti)(double);
unsigned_wide OURS(__fixunsdfti)(double);
wide OURS(__fixsfti)(float);
unsigned_wide OURS(__fixunssfti)(float);
double _Complex OURS(__muldc3)(double, double, double, double);
double _Complex OURS(__divdc3)(double, double, double, double);
float _Complex OURS(__mulsc3)(float, float, float, float);
float _Complex OURS(__divsc3)(float, float, float, float);
double OURS(__powidf2)(double, int);
float OURS(__powisf2)(float, int);

static uint64_t digest;

static void add(uint64_t bits) { digest = (digest ^ bits) * 0x9e3779b97f4a7c15u, digest ^= digest >> 29; }
static void add_wide(unsigned_wide x) { add(x), add(x >> 64); }
/* Which NaN it is depends on the processor. */
static void add_real(double x) {
  union {
    double value;
    uint64_t bits;
  } as = {x};
  add(x != x ? 1 : as.bits);
}

static void say_digest(const char *what) {
  say(what, digest);
  digest = 0;
}

/* Of every magnitude, and near the powers of two. */
static unsigned_wide any_wide(void) {
  unsigned_wide x = ((unsigned_wide)random_bits() << 64 | random_bits()) >> random_bits() % 128;
  switch (random_bits() % 8) {
    case 0: return -x;
    case 1: return ((unsigned_wide)1 << random_bits() % 128) + random_bits() % 3 - 1;
    case 2: return x & ((unsigned_wide)-1 << random_bits() % 128);
    default: return x;
  }
}

static double any_double(void) {
  union {
    uint64_t bits;
    double value;
  } as = {random_bits()};
  static const double special[] = {0.0, -0.0, 1.0, -1.0, 0x1p-1074, 0x1.fffffffffffffp1023, 1.0 / 0.0, -1.0 / 0.0, 0.0 / 0.0};
  unsigned choice = random_bits() % 32;
  if (choice < sizeof special / sizeof *special) return special[choice];
  if (choice < 24) as.bits = (as.bits & ~(0x7ffull << 52)) | (1023 - 70 + random_bits() % 200) << 52;
  return as.value;
}

static void divides(void) {
  for (int i = 0; i < 200000; i++) {
    unsigned_wide x = any_wide(), y = any_wide(), remainder;
    wide signed_remainder;
    if (!y) continue;
    unsigned_wide quotient = OURS(__udivmodti4)(x, y, &remainder);
    check(remainder < y && quotient * y + remainder == x, "__udivmodti4");
    check(quotient == x / y && OURS(__udivti3)(x, y) == quotient, "__udivti3");
    check(remainder == x % y && OURS(__umodti3)(x, y) == remainder, "__umodti3");
    add_wide(quotient);
    if (y == (unsigned_wide)-1) continue; /* may overflow */
    wide s = x, t = y;
    check(OURS(__divti3)(s, t) == s / t && OURS(__modti3)(s, t) == s % t, "__divti3");
    check(OURS(__divmodti4)(s, t, &signed_remainder) == s / t && signed_remainder == s % t, "__divmodti4");
    add_wide(s / t);
  }
  say_digest("division");
}

static void multiplies_and_shifts(void) {
  for (int i = 0; i < 100000; i++) {
    wide x = any_wide(), y = any_wide(), product;
    int overflow, by = random_bits() % 128;
    check(OURS(__multi3)(x, y) == (wide)((unsigned_wide)x * (unsigned_wide)y), "__multi3");
    wide ours = OURS(__muloti4)(x, y, &overflow);
    if (x && y) {
      product = (unsigned_wide)x * (unsigned_wide)y;
      int lost = (x == -1 && y == -y) || (y == -1 && x == -x) || (y != -1 && product / y != x);
      check(overflow == lost && (lost || ours == product), "__muloti4");
    } else {
      check(!overflow && !ours, "__muloti4 of 0");
    }
    check(OURS(__ashlti3)(x, by) == (wide)((unsigned_wide)x << by), "__ashlti3");
    check(OURS(__lshrti3)(x, by) == (wide)((unsigned_wide)x >> by), "__lshrti3");
    check(OURS(__ashrti3)(x, by) == x >> by, "__ashrti3");
    add(overflow);
  }
  say_digest("product");
}

static void converts(void) {
  for (int i = 0; i < 200000; i++) {
    unsigned_wide x = any_wide();
    check(OURS(__floatuntidf)(x) == (double)x, "__floatuntidf");
    check(OURS(__floattidf)(x) == (double)(wide)x, "__floattidf");
    check(OURS(__floatuntisf)(x) == (float)x, "__floatuntisf");
    check(OURS(__floattisf)(x) == (float)(wide)x, "__floattisf");
    add_real((double)(wide)x);
    add_real((float)x);
    double d = any_double();
    if (d > -0x1p127 && d < 0x1p127) check(OURS(__fixdfti)(d) == (wide)d, "__fixdfti");
    if (d > -1 && d < 0x1p128) check(OURS(__fixunsdfti)(d) == (unsigned_wide)d, "__fixunsdfti");
    float f = (float)d;
    if (f > -0x1p127f && f < 0x1p127f) check(OURS(__fixsfti)(f) == (wide)f, "__fixsfti");
    if (f > -1 && f < 1.0f / 0) check(OURS(__fixunssfti)(f) == (unsigned_wide)f, "__fixunssfti");
    add_wide(OURS(__fixdfti)(d));
    add_wide(OURS(__fixunsdfti)(d));
  }
  say_digest("conversion");
}

static double size(double x) { return x < 0 ? -x : x; }
static int same(double x, double y) { return x == y || (x != x && y != y); }

/* To a few units in the last place of the larger part, where neither is near the ends of the range. */
static int close(double _Complex x, double _Complex y, double precision) {
  double larger = size(__real__ y) > size(__imag__ y) ? size(__real__ y) : size(__imag__ y);
  if (!(larger < 0x1p1000) || larger < 0x1p-900) return 1;
  return size(__real__ x - __real__ y) <= larger * precision && size(__imag__ x - __imag__ y) <= larger * precision;
}

static int infinite(double _Complex x) { return size(__real__ x) > 0x1.fffffffffffffp1023 || size(__imag__ x) > 0x1.fffffffffffffp1023; }

static void multiplies_complex(void) {
  for (int i = 0; i < 200000; i++) {
    double a = any_double(), b = any_double(), c = any_double(), d = any_double();
    double _Complex x = __builtin_complex(a, b), y = __builtin_complex(c, d);
    double _Complex product = OURS(__muldc3)(a, b, c, d), theirs = x * y;
    check((same(__real__ product, __real__ theirs) && same(__imag__ product, __imag__ theirs)) || infinite(theirs), "__muldc3");
    check(infinite(product) == infinite(theirs), "__muldc3, infinite");
    double _Complex quotient = OURS(__divdc3)(a, b, c, d);
    theirs = x / y;
    check(close(quotient, theirs, 0x1p-50), "__divdc3");
    add_real(__real__ product), add_real(__imag__ product), add_real(__real__ quotient), add_real(__imag__ quotient);
    float _Complex s = OURS(__mulsc3)(a, b, c, d), t = OURS(__divsc3)(a, b, c, d);
    add_real(__real__ s), add_real(__imag__ s), add_real(__real__ t), add_real(__imag__ t);
    int power = (int)(random_bits() % 64) - 32;
    check(same(OURS(__powidf2)(a, power), __builtin_powi(a, power)), "__powidf2");
    add_real(OURS(__powidf2)(a, power));
    add_real(OURS(__powisf2)((float)a, power));
  }
  say_digest("complex");
}

/* aarch64 has instructions; only x86-64 has functions. */
#ifdef __x86_64__
float OURS(__extendhfsf2)(_Float16);
_Float16 OURS(__truncdfhf2)(double);
_Float16 OURS(__truncsfhf2)(float);
#else
#define hc___extendhfsf2(x) ((float)(x))
#define hc___truncdfhf2(x) ((_Float16)(x))
#define hc___truncsfhf2(x) ((_Float16)(x))
#endif

static void converts_halves(void) {
  for (int i = 0; i < 65536; i++) {
    union {
      uint16_t bits;
      _Float16 value;
    } as = {i};
    float wider = hc___extendhfsf2(as.value);
    check(same(wider, (float)as.value), "__extendhfsf2");
    add_real(wider);
    /* Both neighbours, and what lies between. */
    for (int n = -2; n <= 2; n++) {
      double near = (double)wider * (1 + n * 0x1p-12) + n * 0x1p-26;
      check(same(hc___truncdfhf2(near), (_Float16)near), "__truncdfhf2");
      check(same(hc___truncsfhf2((float)near), (_Float16)(float)near), "__truncsfhf2");
      add_real(hc___truncdfhf2(near));
    }
  }
  say_digest("half");
}

void run(void) {
  converts_halves();
  divides();
  multiplies_and_shifts();
  converts();
  multiplies_complex();
}
