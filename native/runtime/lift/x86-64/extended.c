/* SPDX-License-Identifier: 0BSD
 *
 * Intel SDM volume 1, chapter 4.2 for the formats, 4.8 for special values and rounding, 8.3 for the operations.
 */
#include "extended.h"

#define BIAS 16383
#define TOP (1UL << 63)

typedef unsigned __int128 wide;

/* A format that results are rounded to. */
struct format {
	int bias, largest; /* exponent of infinity, biased */
	unsigned precision;
};

static const struct format single = {127, 0xff, 24}, double_ = {1023, 0x7ff, 53};

struct rounded {
	uint64_t significand; /* highest bit clear: denormal */
	int exponent;         /* biased */
};

static int rounds_up(unsigned mode, int sign, int odd, int half, int more)
{
	switch (mode) {
	case 0: return half && (more || odd);
	case 1: return sign && (half || more);
	case 2: return !sign && (half || more);
	default: return 0;
	}
}

static wide shift_right_sticky(wide value, unsigned count)
{
	if (!count) return value;
	if (count > 127) return value != 0;
	return value >> count | ((value << (128 - count)) != 0);
}

/* value * 2^(exponent - 127), highest bit set. */
static struct rounded round_to(const struct format *format, int sign, int exponent, wide value, struct rounding *rounding)
{
	int biased = exponent + format->bias;
	const int tiny = biased <= 0;
	if (tiny) {
		value = shift_right_sticky(value, (unsigned)(1 - biased));
		biased = 0;
	}
	const unsigned drop = 128 - format->precision;
	const wide unit = (wide)1 << drop, rest = value & (unit - 1);
	const int half = (rest & unit >> 1) != 0, more = (rest & ((unit >> 1) - 1)) != 0;
	value -= rest;
	if (half || more) {
		rounding->exceptions |= X87_INEXACT | (tiny ? X87_UNDERFLOW : 0);
		if (rounds_up(rounding->mode, sign, (value & unit) != 0, half, more)) {
			value += unit;
			if (!value) { /* carried out of the highest bit */
				value = (wide)TOP << 64;
				biased++;
			}
		}
	}
	uint64_t significand = (uint64_t)(value >> 64);
	if (tiny && significand & TOP) biased = 1;
	if (biased >= format->largest) {
		rounding->exceptions |= X87_OVERFLOW | X87_INEXACT;
		const int infinite = rounding->mode == 0 || (rounding->mode == 1 && sign) || (rounding->mode == 2 && !sign);
		biased = infinite ? format->largest : format->largest - 1;
		significand = infinite ? TOP : ~0UL << (64 - format->precision);
	}
	return (struct rounded){significand, biased};
}

static struct guest_extended make(int sign, uint64_t significand, int exponent)
{
	return (struct guest_extended){significand, (uint16_t)(sign << 15 | exponent)};
}

static struct guest_extended zero(int sign)
{
	return make(sign, 0, 0);
}

static struct guest_extended infinity(int sign)
{
	return make(sign, TOP, 0x7fff);
}

static struct guest_extended invalid(struct rounding *rounding)
{
	rounding->exceptions |= X87_INVALID;
	return extended_nan;
}

/* value * 2^(exponent - 127); not normalised. */
static struct guest_extended finish(int sign, int exponent, wide value, struct rounding *rounding)
{
	if (!value) return zero(sign);
	const unsigned zeros = value >> 64 ? (unsigned)__builtin_clzl((uint64_t)(value >> 64)) : 64 + (unsigned)__builtin_clzl((uint64_t)value);
	const struct format format = {BIAS, 0x7fff, rounding->precision};
	const struct rounded result = round_to(&format, sign, exponent - (int)zeros, value << zeros, rounding);
	return make(sign, result.significand, result.exponent);
}

struct number number_unpack(struct guest_extended value, struct rounding *rounding)
{
	const int biased = value.sign_exponent & 0x7fff;
	struct number n = {value.significand, biased - BIAS, value.sign_exponent >> 15, NUMBER_FINITE};
	if (biased == 0x7fff) {
		n.kind = n.significand << 1 ? NUMBER_NAN : NUMBER_INFINITE;
		if (n.kind == NUMBER_NAN && !(n.significand & TOP >> 1)) rounding->exceptions |= X87_INVALID; /* signalling */
	} else if (!n.significand) {
		n.kind = NUMBER_ZERO;
	} else if (!biased) {
		rounding->exceptions |= X87_DENORMAL;
		const int shift = __builtin_clzl(n.significand);
		n.significand <<= shift;
		n.exponent = 1 - BIAS - shift;
	} else if (!(n.significand & TOP)) { /* "unnormal": no longer supported, 8.2.2 */
		rounding->exceptions |= X87_INVALID;
		n = (struct number){extended_nan.significand, 0, 1, NUMBER_NAN};
	}
	return n;
}

struct guest_extended number_pack(struct number n)
{
	switch (n.kind) {
	case NUMBER_ZERO: return zero(n.sign);
	case NUMBER_INFINITE: return infinity(n.sign);
	case NUMBER_NAN: return make(n.sign, n.significand | TOP | TOP >> 1, 0x7fff);
	default: {
		struct rounding exact = {64, 0, 0};
		return finish(n.sign, n.exponent, (wide)n.significand << 64, &exact);
	}
	}
}

struct number number_from_integer(int64_t value)
{
	struct number n = {0, 63, value < 0, value ? NUMBER_FINITE : NUMBER_ZERO};
	n.significand = value < 0 ? -(uint64_t)value : (uint64_t)value;
	if (value) {
		const int shift = __builtin_clzl(n.significand);
		n.significand <<= shift;
		n.exponent -= shift;
	}
	return n;
}

/* fraction: without the hidden bit, at the top. */
static struct number from_format(const struct format *format, int sign, int biased, uint64_t fraction, struct rounding *rounding)
{
	struct number n = {fraction >> 1 | TOP, biased - format->bias, (uint8_t)sign, NUMBER_FINITE};
	if (biased == format->largest) {
		n.kind = fraction ? NUMBER_NAN : NUMBER_INFINITE;
		if (fraction && !(fraction & TOP)) rounding->exceptions |= X87_INVALID;
	} else if (!biased) {
		n.kind = fraction ? NUMBER_FINITE : NUMBER_ZERO;
		if (fraction) {
			rounding->exceptions |= X87_DENORMAL;
			const int shift = __builtin_clzl(fraction);
			n.significand = fraction << shift;
			n.exponent = -format->bias - shift;
		}
	}
	return n;
}

struct number number_from_single(uint32_t bits, struct rounding *rounding)
{
	return from_format(&single, bits >> 31, bits >> 23 & 0xff, (uint64_t)bits << 41, rounding);
}

struct number number_from_double(uint64_t bits, struct rounding *rounding)
{
	return from_format(&double_, bits >> 63, bits >> 52 & 0x7ff, bits << 12, rounding);
}

/* sign, exponent, fraction from the highest bit down. */
static uint64_t to_format(const struct format *format, struct number n, struct rounding *rounding)
{
	struct rounded r = {0, 0};
	switch (n.kind) {
	case NUMBER_ZERO: break;
	case NUMBER_INFINITE: r = (struct rounded){TOP, format->largest}; break;
	case NUMBER_NAN: r = (struct rounded){n.significand | TOP | TOP >> 1, format->largest}; break;
	default: r = round_to(format, n.sign, n.exponent, (wide)n.significand << 64, rounding); break;
	}
	const unsigned fraction_bits = format->precision - 1;
	const uint64_t fraction = r.significand << 1 >> (64 - fraction_bits);
	const unsigned sign_at = format->precision == 53 ? 63 : 31;
	return (uint64_t)n.sign << sign_at | (uint64_t)r.exponent << fraction_bits | fraction;
}

uint32_t number_to_single(struct number value, struct rounding *rounding)
{
	return (uint32_t)to_format(&single, value, rounding);
}

uint64_t number_to_double(struct number value, struct rounding *rounding)
{
	return to_format(&double_, value, rounding);
}

/* The integral part by the rounding mode; up to 2^64 - 1, `large` when it is more. */
static uint64_t integral(struct number n, int *large, struct rounding *rounding)
{
	*large = n.exponent > 63;
	if (n.kind == NUMBER_ZERO || *large) return 0;
	const wide value = shift_right_sticky((wide)n.significand << 64, (unsigned)(63 - n.exponent));
	const uint64_t whole = (uint64_t)(value >> 64), rest = (uint64_t)value;
	if (!rest) return whole;
	rounding->exceptions |= X87_INEXACT;
	const int up = rounds_up(rounding->mode, n.sign, whole & 1, rest >> 63 != 0, rest << 1 != 0);
	*large = up && whole == ~0UL;
	return whole + (uint64_t)up;
}

int64_t number_to_integer(struct number n, unsigned bits, struct rounding *rounding)
{
	const uint64_t limit = 1UL << (bits - 1);
	struct rounding own = *rounding;
	int large = n.kind > NUMBER_FINITE;
	const uint64_t magnitude = large ? 0 : integral(n, &large, &own);
	if (large || magnitude > limit || (magnitude == limit && !n.sign)) {
		rounding->exceptions |= X87_INVALID;
		return -(int64_t)(limit - 1) - 1;
	}
	rounding->exceptions = own.exceptions;
	return (int64_t)(n.sign ? -magnitude : magnitude);
}

/* 4.8.3.5: the larger significand wins. */
static struct guest_extended nan_of(struct number a, struct number b)
{
	const int first = b.kind != NUMBER_NAN ||
	                  (a.kind == NUMBER_NAN && (a.significand > b.significand || (a.significand == b.significand && !a.sign)));
	return number_pack(first ? a : b);
}

struct guest_extended extended_add(struct number a, struct number b, struct rounding *rounding)
{
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return nan_of(a, b);
	if (a.kind == NUMBER_INFINITE || b.kind == NUMBER_INFINITE) {
		if (a.kind == b.kind && a.sign != b.sign) return invalid(rounding);
		return infinity(a.kind == NUMBER_INFINITE ? a.sign : b.sign);
	}
	const int zero_sign = a.sign == b.sign ? a.sign : rounding->mode == 1;
	if (a.kind == NUMBER_ZERO && b.kind == NUMBER_ZERO) return zero(zero_sign);
	if (a.kind == NUMBER_ZERO) return finish(b.sign, b.exponent, (wide)b.significand << 64, rounding);
	if (b.kind == NUMBER_ZERO) return finish(a.sign, a.exponent, (wide)a.significand << 64, rounding);
	if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand)) {
		const struct number larger = b;
		b = a;
		a = larger;
	}
	/* One bit of room above for the carry. */
	const wide x = (wide)a.significand << 63;
	const wide y = shift_right_sticky((wide)b.significand << 63, (unsigned)(a.exponent - b.exponent));
	const wide sum = a.sign == b.sign ? x + y : x - y;
	return sum ? finish(a.sign, a.exponent + 1, sum, rounding) : zero(zero_sign);
}

struct guest_extended extended_multiply(struct number a, struct number b, struct rounding *rounding)
{
	const int sign = a.sign ^ b.sign;
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return nan_of(a, b);
	if (a.kind == NUMBER_INFINITE || b.kind == NUMBER_INFINITE)
		return a.kind == NUMBER_ZERO || b.kind == NUMBER_ZERO ? invalid(rounding) : infinity(sign);
	if (a.kind == NUMBER_ZERO || b.kind == NUMBER_ZERO) return zero(sign);
	return finish(sign, a.exponent + b.exponent + 1, (wide)a.significand * b.significand, rounding);
}

struct guest_extended extended_divide(struct number a, struct number b, struct rounding *rounding)
{
	const int sign = a.sign ^ b.sign;
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return nan_of(a, b);
	if (a.kind == b.kind && a.kind != NUMBER_FINITE) return invalid(rounding);
	if (a.kind == NUMBER_INFINITE) return infinity(sign);
	if (a.kind == NUMBER_ZERO || b.kind == NUMBER_INFINITE) return zero(sign);
	if (b.kind == NUMBER_ZERO) {
		rounding->exceptions |= X87_ZERO_DIVIDE;
		return infinity(sign);
	}
	/* 64 bits of the quotient, then 64 more from what is left; then whether anything is left still. */
	const wide first = (wide)a.significand << 63;
	const uint64_t high = (uint64_t)(first / b.significand);
	const wide second = (first % b.significand) << 64;
	const uint64_t low = (uint64_t)(second / b.significand);
	const wide quotient = (wide)high << 64 | low | (second % b.significand != 0);
	return finish(sign, a.exponent - b.exponent, quotient, rounding);
}

struct guest_extended extended_square_root(struct number a, struct rounding *rounding)
{
	if (a.kind == NUMBER_NAN) return number_pack(a);
	if (a.kind == NUMBER_ZERO) return zero(a.sign);
	if (a.sign) return invalid(rounding);
	if (a.kind == NUMBER_INFINITE) return infinity(0);
	const wide value = (wide)a.significand << (a.exponent & 1 ? 64 : 63);
	wide rest = value, root = 0;
	for (wide bit = (wide)1 << 126; bit; bit >>= 2) {
		if (rest >= root + bit) {
			rest -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	/* The next bit is set when more than root is left; it can't be exactly half. */
	const wide result = root << 64 | (rest > root ? TOP | 1 : rest != 0);
	return finish(0, a.exponent >> 1, result, rounding);
}

struct guest_extended extended_round(struct number a, struct rounding *rounding)
{
	if (a.kind != NUMBER_FINITE || a.exponent >= 63) return number_pack(a);
	int large;
	const uint64_t whole = integral(a, &large, rounding);
	if (large) return make(a.sign, TOP, BIAS + 64);
	struct rounding exact = {64, 0, 0};
	return finish(a.sign, 63, (wide)whole << 64, &exact);
}

struct guest_extended extended_scale(struct number a, struct number b, struct rounding *rounding)
{
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return nan_of(a, b);
	if (b.kind == NUMBER_INFINITE) {
		if (b.sign) return a.kind == NUMBER_INFINITE ? invalid(rounding) : zero(a.sign);
		return a.kind == NUMBER_ZERO ? invalid(rounding) : infinity(a.sign);
	}
	if (a.kind != NUMBER_FINITE) return number_pack(a);
	struct rounding chop = {64, 3, 0};
	int64_t by = number_to_integer(b, 64, &chop);
	if (chop.exceptions & X87_INVALID || by > 0x10000 || by < -0x10000) by = b.sign ? -0x10000 : 0x10000;
	struct rounding scaled = {64, rounding->mode, 0};
	const struct guest_extended result = finish(a.sign, a.exponent + (int)by, (wide)a.significand << 64, &scaled);
	rounding->exceptions |= scaled.exceptions;
	return result;
}

struct guest_extended extended_remainder(struct number a, struct number b, int nearest, uint64_t *quotient, int *partial,
                                         struct rounding *rounding)
{
	*quotient = 0;
	*partial = 0;
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return nan_of(a, b);
	if (a.kind == NUMBER_INFINITE || b.kind == NUMBER_ZERO) return invalid(rounding);
	if (a.kind == NUMBER_ZERO || b.kind == NUMBER_INFINITE) return number_pack(a);
	const int difference = a.exponent - b.exponent;
	if (difference < (nearest ? -1 : 0)) return number_pack(a);
	/* As many steps of a long division as one instruction does; the manual allows 32 to 63, processors do this. */
	const int steps = difference < 64 ? difference : (difference & 31) | 32;
	*partial = difference >= 64;
	wide rest = a.significand;
	uint64_t q = 0;
	int sign = a.sign, exponent = a.exponent - (steps < 0 ? 0 : steps);
	for (int i = 0; i <= steps; i++) {
		q <<= 1;
		if (rest >= b.significand) {
			rest -= b.significand;
			q |= 1;
		}
		if (i < steps) rest <<= 1;
	}
	if (nearest && !*partial) {
		/* Twice the rest against the divisor; with a difference of -1 the dividend is half as large as it looks. */
		const wide twice = steps < 0 ? rest : rest << 1;
		if (twice > b.significand || (twice == b.significand && q & 1)) {
			rest = steps < 0 ? ((wide)b.significand << 1) - rest : b.significand - rest;
			sign = !sign;
			q++;
		}
	}
	*quotient = q;
	if (!rest) return zero(a.sign);
	struct rounding exact = {64, 0, 0};
	return finish(sign, exponent + 64, rest, &exact);
}

enum comparison number_compare(struct number a, struct number b)
{
	if (a.kind == NUMBER_NAN || b.kind == NUMBER_NAN) return COMPARED_UNORDERED;
	if (a.kind == NUMBER_ZERO && b.kind == NUMBER_ZERO) return COMPARED_EQUAL;
	if (a.kind == NUMBER_ZERO) return b.sign ? COMPARED_GREATER : COMPARED_LESS;
	if (b.kind == NUMBER_ZERO || a.sign != b.sign) return a.sign ? COMPARED_LESS : COMPARED_GREATER;
	int larger;
	if (a.kind != b.kind) larger = a.kind == NUMBER_INFINITE;
	else if (a.kind == NUMBER_INFINITE || (a.exponent == b.exponent && a.significand == b.significand)) return COMPARED_EQUAL;
	else larger = a.exponent != b.exponent ? a.exponent > b.exponent : a.significand > b.significand;
	return larger ^ a.sign ? COMPARED_GREATER : COMPARED_LESS;
}
