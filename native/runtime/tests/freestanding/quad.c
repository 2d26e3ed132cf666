/* SPDX-License-Identifier: 0BSD
 *
 * binary128 on random operands, in every rounding mode, with exceptions. On x86-64 against the compiler's own library, which the
 * operators below call: there our functions have the prefix hc_. On aarch64 the operators call ours; the digests must be those of
 * x86-64.
 */
#include "support.h"

typedef float quad __attribute__((mode(TF)));
typedef __int128 wide;
typedef unsigned __int128 unsigned_wide;

#ifdef __x86_64__
#define OURS(name) hc_##name
#else
#define OURS(name) name
#endif

quad OURS(__addtf3)(quad, quad);
quad OURS(__subtf3)(quad, quad);
quad OURS(__multf3)(quad, quad);
quad OURS(__divtf3)(quad, quad);
quad OURS(__powitf2)(quad, int), __powitf2(quad, int);
int OURS(__eqtf2)(quad, quad);
int OURS(__netf2)(quad, quad);
int OURS(__lttf2)(quad, quad);
int OURS(__letf2)(quad, quad);
int OURS(__gttf2)(quad, quad);
int OURS(__getf2)(quad, quad);
int OURS(__unordtf2)(quad, quad);
quad OURS(__extendhftf2)(_Float16);
quad OURS(__extendsftf2)(float);
quad OURS(__extenddftf2)(double);
_Float16 OURS(__trunctfhf2)(quad);
float OURS(__trunctfsf2)(quad);
double OURS(__trunctfdf2)(quad);
int32_t OURS(__fixtfsi)(quad);
int64_t OURS(__fixtfdi)(quad);
wide OURS(__fixtfti)(quad);
uint32_t OURS(__fixunstfsi)(quad);
uint64_t OURS(__fixunstfdi)(quad);
unsigned_wide OURS(__fixunstfti)(quad);
quad OURS(__floatsitf)(int32_t);
quad OURS(__floatditf)(int64_t);
quad OURS(__floattitf)(wide);
quad OURS(__floatunsitf)(uint32_t);
quad OURS(__floatunditf)(uint64_t);
quad OURS(__floatuntitf)(unsigned_wide);
unsigned OURS(hc_fp_get)(void);
void OURS(hc_fp_set)(unsigned);

/* All but x86-64's denormal operand. */
enum { EXCEPTIONS = 0x3d };
static const unsigned modes[] = {0, 0x400, 0x800, 0xc00};
static unsigned mode;
static uint64_t digest;

static void add(uint64_t bits) { digest = (digest ^ bits) * 0x9e3779b97f4a7c15u, digest ^= digest >> 29; }

static void say_digest(const char *what) {
  say(what, digest);
  digest = 0;
}

static unsigned_wide bits_of(quad x) {
  unsigned_wide bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

static quad as_quad(unsigned_wide bits) {
  quad x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

static int is_nan(quad x) { return bits_of(x) << 1 > (unsigned_wide)0x7fff << 113; }
/* The compiler's library raises some exceptions in the x87 status word, as <fenv.h> of its C library looks at both. */
static unsigned x87_status(void) {
  unsigned short status = 0;
#ifdef __x86_64__
  __asm__ volatile("fnstsw %0\n\tfnclex" : "=a"(status) : : "memory");
#endif
  return status;
}

static void begin(void) {
  x87_status();
  OURS(hc_fp_set)(mode);
}

static unsigned exceptions(void) { return (OURS(hc_fp_get)() | x87_status()) & EXCEPTIONS; }

/* The compiler must not move an operation over the look at its exceptions; nor over the start, so operands are volatile. */
#define KEEP(x) __asm__ volatile("" : "+m"(x) : : "memory")

static void same(quad ours, quad theirs, unsigned raised, const char *what) {
  check(is_nan(theirs) ? is_nan(ours) : bits_of(ours) == bits_of(theirs), what);
  check(raised == exceptions(), what);
  add(bits_of(ours)), add(bits_of(ours) >> 64), add(raised);
}

#define COMPARE(name, expression, ...) \
  do { \
    begin(); \
    quad ours = OURS(name)(__VA_ARGS__); \
    KEEP(ours); \
    unsigned raised = exceptions(); \
    begin(); \
    quad theirs = expression; \
    KEEP(theirs); \
    same(ours, theirs, raised, #name); \
  } while (0)

/* Any exponent, or near that of another; with runs of zeros and ones, which make ties and carries. */
static quad any_quad(int exponent) {
  static const unsigned_wide special[] = {0, 1, (unsigned_wide)0x3fff << 112, (unsigned_wide)0x7fff << 112,
                                          ((unsigned_wide)0x7fff << 112) - 1, (unsigned_wide)0xffff << 111,
                                          ((unsigned_wide)0x7fff << 112) + 1, (unsigned_wide)1 << 112};
  unsigned_wide fraction = (unsigned_wide)random_bits() << 64 | random_bits();
  unsigned_wide sign = (unsigned_wide)(random_bits() & 1) << 127;
  unsigned choice = random_bits() % 64;
  if (choice < sizeof special / sizeof *special) return as_quad(sign | special[choice]);
  if (choice & 1) fraction &= (unsigned_wide)-1 << random_bits() % 113;
  if (choice & 2) fraction |= ((unsigned_wide)1 << random_bits() % 113) - 1;
  if (choice & 4) exponent = random_bits() & 0x7fff;
  else exponent += (int)(random_bits() % 256) - 128;
  if (exponent < 0) exponent = 0;
  if (exponent > 0x7ffe) exponent = 0x7ffe;
  return as_quad(sign | (unsigned_wide)exponent << 112 | fraction << 16 >> 16);
}

static void computes(void) {
  for (int i = 0; i < 100000; i++) {
    mode = modes[i % 4];
    int middle = random_bits() & 0x7fff;
    volatile quad a = any_quad(middle), b = any_quad(middle), d = any_quad(0x3fff), e = any_quad(0x7fff - middle);
    COMPARE(__addtf3, a + b, a, b);
    COMPARE(__subtf3, a - b, a, b);
    COMPARE(__multf3, a * d, a, d);
    COMPARE(__multf3, a * e, a, e);
    COMPARE(__divtf3, a / b, a, b);
    COMPARE(__divtf3, a / d, a, d);
    int power = (int)(random_bits() % 64) - 32;
    /* No operation of IEEE 754: the compiler may compute both 1 / x and x, with the exceptions of both. */
    quad ours = OURS(__powitf2)(d, power), theirs = __powitf2(d, power);
    check(is_nan(theirs) ? is_nan(ours) : bits_of(ours) == bits_of(theirs), "__powitf2");
    add(bits_of(ours)), add(bits_of(ours) >> 64);
  }
  say_digest("arithmetic");
}

static void compares(void) {
  mode = 0;
  for (int i = 0; i < 100000; i++) {
    quad a = any_quad(0x3fff), b = i % 8 ? any_quad(0x3fff) : i % 16 ? a : -a;
    check((OURS(__eqtf2)(a, b) == 0) == (a == b), "__eqtf2");
    check((OURS(__netf2)(a, b) != 0) == (a != b), "__netf2");
    check((OURS(__lttf2)(a, b) < 0) == (a < b), "__lttf2");
    check((OURS(__letf2)(a, b) <= 0) == (a <= b), "__letf2");
    check((OURS(__gttf2)(a, b) > 0) == (a > b), "__gttf2");
    check((OURS(__getf2)(a, b) >= 0) == (a >= b), "__getf2");
    check((OURS(__unordtf2)(a, b) != 0) == (is_nan(a) || is_nan(b)), "__unordtf2");
    add((a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a > b));
  }
  say_digest("comparison");
}

/* Where a result is defined. */
#define TRUNCATES(name, type, low, high) \
  if (x > (low) && x < (high)) { \
    begin(); \
    type ours = OURS(name)(x); \
    unsigned raised = exceptions(); \
    begin(); \
    type theirs = (type)x; \
    KEEP(theirs); \
    check(ours == theirs && raised == exceptions(), #name); \
    add(ours), add((unsigned_wide)ours >> 64); \
  }

static void converts(void) {
  for (int i = 0; i < 100000; i++) {
    mode = modes[i % 4];
    /* The ranges of half, float, double, and integers; the ends of each. */
    static const int exponents[] = {0x3fff, 0x3fff + 16, 0x3fff - 20, 0x3fff + 127, 0x3fff - 140, 0x3fff + 1023, 0x3fff - 1050, 0x3fff + 62};
    volatile quad x = any_quad(exponents[random_bits() % 8]);
    /* A number of a smaller format is one of binary128. */
    COMPARE(__extenddftf2, (double)x, (OURS(__trunctfdf2)(x)));
    COMPARE(__extendsftf2, (float)x, (OURS(__trunctfsf2)(x)));
    COMPARE(__extendhftf2, (_Float16)x, (OURS(__trunctfhf2)(x)));
    quad two_31 = 0x1p31, two_63 = 0x1p63, two_64 = 0x1p64, two_127 = 0x1p127;
    TRUNCATES(__fixtfsi, int32_t, -two_31 - 1, two_31)
    TRUNCATES(__fixtfdi, int64_t, -two_63 - 1, two_63)
    TRUNCATES(__fixtfti, wide, -two_127, two_127)
    TRUNCATES(__fixunstfsi, uint32_t, -1, two_31 * 2)
    TRUNCATES(__fixunstfdi, uint64_t, -1, two_64)
    TRUNCATES(__fixunstfti, unsigned_wide, -1, two_127 * 2)
    add(OURS(__fixtfdi)(x)), add(OURS(__fixunstfdi)(x));
    volatile unsigned_wide n = ((unsigned_wide)random_bits() << 64 | random_bits()) >> random_bits() % 128;
    if (i & 1) n = -n;
    COMPARE(__floatsitf, (int32_t)n, n);
    COMPARE(__floatditf, (int64_t)n, n);
    COMPARE(__floattitf, (wide)n, n);
    COMPARE(__floatunsitf, (uint32_t)n, n);
    COMPARE(__floatunditf, (uint64_t)n, n);
    COMPARE(__floatuntitf, n, n);
  }
  say_digest("conversion");
}

void run(void) {
  computes();
  compares();
  converts();
}
