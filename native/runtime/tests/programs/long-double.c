/* SPDX-License-Identifier: 0BSD
 *
 * long double as programs use it. Compiled with REFERENCE by an ordinary compiler it computes the same with that one's __float128 and
 * libquadmath; both must print the same.
 */
#include <complex.h>
#include <fenv.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef REFERENCE
#include <quadmath.h>
typedef __float128 real;
typedef __complex128 complex_real;
#define ATOMIC
#define C(constant) constant##Q
#define F(function) function##q
#define FORMAT(flags, conversion) "%" flags "Q" conversion
#define FORMAT_TO quadmath_snprintf
#define PARSE strtoflt128
#define INFINITE isinfq
#define FINITE finiteq
#define NEGATIVE signbitq
#else
#include <math.h>
typedef long double real;
typedef long double _Complex complex_real;
#define ATOMIC _Atomic
#define C(constant) constant##L
#define F(function) function##l
#define FORMAT(flags, conversion) "%" flags "L" conversion
#define FORMAT_TO snprintf
#define PARSE strtold
#define INFINITE isinf
#define FINITE isfinite
#define NEGATIVE signbit
#endif

#define NOINLINE __attribute__((noinline))
enum { ROUNDS = 200 };

static uint64_t random_bits(void)
{
	static uint64_t state = 88172645463325252u; /* xorshift64 (Marsaglia 2003) */
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Near 1, by up to 2^range either way. */
static real any_real(int range)
{
	unsigned __int128 bits = (unsigned __int128)random_bits() << 64 | random_bits();
	int exponent = (int)(random_bits() % (2 * range + 1)) - range;
	real x;
	bits = bits << 16 >> 16 | (unsigned __int128)(16383 + exponent) << 112 | bits >> 127 << 127;
	memcpy(&x, &bits, sizeof x);
	return x;
}

static NOINLINE void show(const char *what, real x)
{
	uint64_t words[2];
	memcpy(words, &x, sizeof words);
	if (x != x) printf("%s nan\n", what);
	else printf("%s %016llx%016llx\n", what, (unsigned long long)words[1], (unsigned long long)words[0]);
}

static const real table[] = {C(0.1), C(1e4000), C(0x1.8p-16400), -C(1.0) / 3, C(3.14159265358979323846264338327950288)};
static real global = C(2.5);
static __thread real local = C(-7.25);
static ATOMIC real shared;

struct mixed {
	char tag;
	real value;
	short after;
};

union any {
	real value;
	unsigned char bytes[16];
};

static NOINLINE struct mixed twice(struct mixed given)
{
	given.value *= 2;
	given.after++;
	return given;
}

static void shapes(void)
{
	struct mixed one = {'a', C(1.25), 3}, two = twice(one);
	union any any = {.value = C(1.0) / 7};
	printf("%zu %zu %zu %zu %zu\n", sizeof(real), _Alignof(real), sizeof one, offsetof(struct mixed, value), sizeof any);
	show("struct", two.value + two.after + two.tag);
	for (int i = 0; i < 16; i++) printf("%02x", any.bytes[i]);
	printf("\n");
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) show("table", table[i]);
	global += local;
	local *= global;
	show("global", global);
	show("local", local);
	shared = local / 3;
	shared++;
	shared *= global;
	shared -= 2;
	show("atomic", shared);
}

/* A letter for each variable argument: i, d, l (long double). */
static NOINLINE real sum(const char *kinds, ...)
{
	va_list list, copy;
	real total = 0;
	va_start(list, kinds);
	va_copy(copy, list);
	for (int pass = 0; pass < 2; pass++)
		for (const char *kind = kinds; *kind; kind++) {
			va_list *from = pass ? &copy : &list;
			if (*kind == 'i') total = total * 3 + va_arg(*from, int);
			else if (*kind == 'd') total = total * 3 + va_arg(*from, double);
			else total = total * 3 + va_arg(*from, real);
		}
	va_end(list);
	va_end(copy);
	return total;
}

static NOINLINE real many(real a, double b, real c, real d, int e, real f, real g, real h, real i, real j, real k, double l)
{
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l;
}

static NOINLINE real descend(int depth, real x)
{
	if (!depth) return x;
	real left = descend(depth - 1, x / 3 + depth), kept = x * depth;
	return left + kept;
}

static void calls(void)
{
	real x = any_real(3), y = any_real(3);
	real (*pointer)(int, real) = descend;
	show("variable", sum("l", x));
	show("variable", sum("ilidl", 1, x, 2, 3.5, y));
	show("variable", sum("iiiiiiiil", 1, 2, 3, 4, 5, 6, 7, 8, y));
	show("variable", sum("dddddddddlll", 1., 2., 3., 4., 5., 6., 7., 8., 9., x, y, x));
	show("many", many(x, 1.5, y, x, 7, y, x, y, x, y, x, 2.25));
	show("recursive", pointer(20, x));
}

static void arithmetic(int rounding)
{
	fesetround(rounding);
	for (int i = 0; i < ROUNDS; i++) {
		volatile real x = any_real(60), y = any_real(60);
		volatile double d = any_real(40);
		real across = x * 3;
		show("sum", x + y);
		show("difference", across - y);
		show("product", x * y * d);
		show("quotient", x / y);
		show("power", F(ldexp)(x, i * 7 - 700));
		printf("%.17g %.9g %lld %llu\n", (double)x, (float)y, (long long)(x / 2), (unsigned long long)(y < 0 ? -y / 2 : y / 2));
		show("int", (real)(int64_t)random_bits() + (real)(uint32_t)i - across);
		printf("%d%d%d%d%d%d\n", x < y, x <= y, x > y, x >= y, x == y, x != y);
	}
	fesetround(FE_TONEAREST);
}

static void complexes(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		complex_real x = any_real(30), y = any_real(30), product;
		__imag__ x = any_real(30), __imag__ y = any_real(30);
		product = x * y;
		show("real", __real__ product);
		show("imaginary", __imag__ product);
		product /= y;
		/* Quotients differ in the last bits, as they are scaled in other ways. */
		printf("%d %d\n", F(fabs)((__real__ product - __real__ x) / F(cabs)(x)) < C(1e-32), F(fabs)((__imag__ product - __imag__ x) / F(cabs)(x)) < C(1e-32));
	}
	complex_real infinite = 1;
	__imag__ infinite = C(1.0) / (global - global);
	infinite *= infinite;
	show("infinite", __real__ infinite);
}

static void functions(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		real x = any_real(i), y = any_real(i), z = any_real(2 * i);
		int exponent;
		show("floor", F(floor)(x));
		show("ceil", F(ceil)(x));
		show("trunc", F(trunc)(x));
		show("round", F(round)(x));
		show("rint", F(rint)(x));
		show("fmod", F(fmod)(x, y));
		show("remainder", F(remainder)(x, y));
		show("fma", F(fma)(x, y, z));
		show("next", F(nextafter)(x, y));
		show("frexp", F(frexp)(x, &exponent));
		show("minimum", F(fmin)(x, y) - F(fmax)(x, y));
		show("sign", F(copysign)(F(fabs)(x), -y));
		show("root", F(sqrt)((real)(float)x * (float)x));
		printf("%d %ld %d\n", exponent, F(lrint)(x / C(0x1p200)), F(ilogb)(y));
		x = any_real(2);
		printf("%d\n", F(fabs)(F(sqrt)(F(fabs)(x)) * F(sqrt)(F(fabs)(x)) - F(fabs)(x)) < C(4e-33));
		char text[3][64];
		FORMAT_TO(text[0], 64, FORMAT(".30", "g"), F(sin)(x));
		FORMAT_TO(text[1], 64, FORMAT(".30", "g"), F(atan)(x));
		FORMAT_TO(text[2], 64, FORMAT(".30", "g"), F(cos)(x));
		printf("%s %s %s\n", text[0], text[1], text[2]);
	}
}

static NOINLINE void show_rounded(const char *what, real x)
{
	char text[64];
	FORMAT_TO(text, sizeof text, FORMAT(".27", "g"), x);
	printf("%s %s\n", what, x != x ? "nan" : text);
}

static void exponentials(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		real x = any_real(i % 13), y = any_real(i % 10), small = any_real(2) * F(ldexp)(1, -i), size = F(fabs)(x);
		show_rounded("exp", F(exp)(x));
		show_rounded("exp", F(exp)(small));
		show_rounded("expm1", F(expm1)(small));
		show_rounded("log", F(log)(size));
		show_rounded("log", F(log)(1 + small));
		show_rounded("log1p", F(log1p)(size));
		show_rounded("log1p", F(log1p)(F(fabs)(small) / 8));
		show_rounded("log2", F(log2)(size));
		show_rounded("log10", F(log10)(size));
		show_rounded("pow", F(pow)(size, y));
		show_rounded("pow", F(pow)(size, (int)y));
		show_rounded("sinh", F(sinh)(x));
		show_rounded("sinh", F(sinh)(small));
		show_rounded("cosh", F(cosh)(x));
		show_rounded("tanh", F(tanh)(x));
		show_rounded("tanh", F(tanh)(small));
		show_rounded("asinh", F(asinh)(x));
		show_rounded("asinh", F(asinh)(small));
		show_rounded("acosh", F(acosh)(1 + size));
	}
	for (int n = -30; n < 48; n++) {
		real power = F(pow)(10, n);
		if (n < 0) {
			show_rounded("power", power);
			continue;
		}
		show("power", power);
		printf("%d\n", F(log10)(power) == n);
		show("root", F(pow)(F(ldexp)(9, 2 * n), C(0.5)));
	}
	static const real ends[] = {C(0.0), -C(0.0), C(1.0), -C(1.0), C(2.0), -C(2.0), C(3.0), C(0.5), -C(2.5), C(1e4000), -C(1e4000), C(1e-4000), C(1e30)};
	enum { ENDS = sizeof ends / sizeof *ends };
	volatile real zero = 0;
	for (int i = 0; i < ENDS + 3; i++) {
		real x = i < ENDS ? ends[i] : (i == ENDS ? 1 : i == ENDS + 1 ? -1 : 0) / zero;
		show("exp", F(exp)(x * 1000));
		show("expm1", F(expm1)(x * x * x * x * 1000));
		show("log", F(log)(F(floor)(x) / 2 == x / 2 && x <= 1 ? x : 0));
		show("tanh", F(tanh)(x * 1e30));
		show("cosh", F(cosh)(x * 1e9));
		for (int j = 0; j < ENDS + 3; j++) {
			real y = j < ENDS ? ends[j] : (j == ENDS ? 1 : j == ENDS + 1 ? -1 : 0) / zero;
			show_rounded("ends", F(pow)(x, y));
		}
	}
}

static void classes(void)
{
	volatile real zero = 0, one = 1, least = C(0x1p-16494), numbers[] = {zero, -zero, one / zero, -one / zero, zero / zero, least, -least, one};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		real x = numbers[i];
		printf("%d%d%d%d", x != x, !!INFINITE(x), !!FINITE(x), x == 0);
		printf(" %d%d%d%d", !!__builtin_isinf(x), !!__builtin_isfinite(x), !!__builtin_isnormal(x), __builtin_isinf_sign(x));
		printf(" %d%d%d\n", x < 1, x > -1, i != 4 && !!NEGATIVE(x));
		if (i != 4) show("class", F(fabs)(x) + F(copysign)(1, x));
	}
}

static void texts(void)
{
	static const char *given[] = {"10.6", "0.1", "1e-4950", "6e-4966", "1.18973149535723176508575932662800702e4932", "1e5000", "-123456789012345678901234567890123456789",
	                              "0x1.23456789abcdef0123456789abcdp-5", "3.3621031431120935062626778173217526e-4932", "inf",
	                              "0.333333333333333333333333333333333317", "1.00000000000000000000000000000000009629649721936179265"};
	char text[6000];
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) show(given[i], PARSE(given[i], 0));
	for (int i = 0; i < ROUNDS; i++) {
		real x = any_real(i * 50);
		static const char *const formats[] = {FORMAT(".35", "e"), FORMAT("", "g"), FORMAT(".17", "g"), FORMAT("", "a"), FORMAT("+.3", "e"), FORMAT("#.10", "g"), FORMAT("030.12", "f"), FORMAT("-40.0", "f")};
		for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
			if (f >= 6 && i > 60) continue;
			FORMAT_TO(text, sizeof text, formats[f], x);
			printf("%s|\n", text);
		}
		FORMAT_TO(text, sizeof text, FORMAT(".36", "g"), x);
		real again = PARSE(text, 0);
		printf("%d\n", memcmp(&again, &x, sizeof x));
		FORMAT_TO(text, sizeof text, FORMAT(".25", "g"), x);
		show("parsed", PARSE(text, 0));
	}
}

static void doubles(void)
{
	static const char *given[] = {"10.6", "1e23", "8.5e-324", "2.2250738585072011e-308", "1.7976931348623159e308", "9007199254740993", "0x1.00000000000008p0", "5e-324"};
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		char *end;
		printf("%.17g %.9g", strtod(given[i], &end), strtof(given[i], 0));
		printf(" %d\n", *end);
	}
	for (int i = 0; i < ROUNDS * 10; i++) {
		union {
			uint64_t bits;
			double value;
		} as = {random_bits()};
		char text[400];
		double x = i & 1 ? as.value : (double)(int64_t)as.bits / 100, again;
		if (x != x || x - x != 0) continue;
		snprintf(text, sizeof text, "%.17g", x);
		printf("%s %g %.3e %.0f %a %d\n", text, x, x, i & 1 ? 0 : x, x, strtod(text, 0) == x);
		sscanf(text, "%lf", &again);
		printf("%.2f %d\n", i & 1 ? 0.5 : x, again == x);
	}
}

/* Texts are rounded in the direction that is set, too. */
static void directions(int rounding)
{
	char text[64];
	fesetround(rounding);
	for (int i = 0; i < ROUNDS; i++) {
		real x = any_real(20);
		double d = (double)any_real(20);
		FORMAT_TO(text, sizeof text, FORMAT(".10", "e"), x);
		printf("%s %.5e %.3f\n", text, d, d);
		show("read", PARSE(text, 0));
		snprintf(text, sizeof text, "%.12e", d);
		printf("%d\n", (strtod(text, 0) > d) - (strtod(text, 0) < d));
	}
	fesetround(FE_TONEAREST);
}

int main(void)
{
	static const int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	shapes();
	calls();
	for (int i = 0; i < 4; i++) arithmetic(roundings[i]);
	for (int i = 0; i < 4; i++) directions(roundings[i]);
	complexes();
	functions();
	exponentials();
	classes();
	texts();
	doubles();
	return 0;
}
