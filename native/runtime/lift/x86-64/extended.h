/* SPDX-License-Identifier: 0BSD
 *
 * Arithmetic on x87's 80-bit reals in integers: the same bits on every machine.
 */
#ifndef HC_LIFT_EXTENDED_H
#define HC_LIFT_EXTENDED_H

#include "guest.h"

/* Status bits of exceptions; all stay masked. Intel SDM volume 1, 8.1.3. */
enum { X87_INVALID = 1, X87_DENORMAL = 2, X87_ZERO_DIVIDE = 4, X87_OVERFLOW = 8, X87_UNDERFLOW = 16, X87_INEXACT = 32 };

enum number_kind { NUMBER_ZERO, NUMBER_FINITE, NUMBER_INFINITE, NUMBER_NAN };

/* significand * 2^(exponent - 63), the significand's highest bit set when finite. */
struct number {
	uint64_t significand;
	int32_t exponent;
	uint8_t sign, kind;
};

/* How results are rounded: precision in bits, mode as in the control word, exceptions that came up. */
struct rounding {
	unsigned precision, mode, exceptions;
};

struct number number_unpack(struct guest_extended value, struct rounding *rounding);
struct guest_extended number_pack(struct number value); /* of what fits */
struct number number_from_integer(int64_t value);
struct number number_from_single(uint32_t bits, struct rounding *rounding);
struct number number_from_double(uint64_t bits, struct rounding *rounding);
uint32_t number_to_single(struct number value, struct rounding *rounding);
uint64_t number_to_double(struct number value, struct rounding *rounding);
/* What does not fit in `bits` becomes "integer indefinite". */
int64_t number_to_integer(struct number value, unsigned bits, struct rounding *rounding);

struct guest_extended extended_add(struct number a, struct number b, struct rounding *rounding);
struct guest_extended extended_multiply(struct number a, struct number b, struct rounding *rounding);
struct guest_extended extended_divide(struct number a, struct number b, struct rounding *rounding);
struct guest_extended extended_square_root(struct number a, struct rounding *rounding);
struct guest_extended extended_round(struct number a, struct rounding *rounding);
struct guest_extended extended_scale(struct number a, struct number b, struct rounding *rounding);
/* Remainder, with the quotient's low bits; *partial: the exponents differ by so much that it must be done again. */
struct guest_extended extended_remainder(struct number a, struct number b, int nearest, uint64_t *quotient, int *partial,
                                         struct rounding *rounding);

enum comparison { COMPARED_GREATER, COMPARED_LESS, COMPARED_EQUAL, COMPARED_UNORDERED };
enum comparison number_compare(struct number a, struct number b);

static const struct guest_extended extended_nan = {0xc000000000000000UL, 0xffff}; /* "real indefinite" */

#endif
