/* SPDX-License-Identifier: 0BSD
 *
 * The x87 registers and instructions: Intel SDM volume 1, chapter 8, and volume 2 under the instructions' names. All
 * exceptions count as masked.
 */
#include "extended.h"
#include "lift.h"
#include "x87.h"

/* Status word. */
#define CONDITION_0 0x0100
#define CONDITION_1 0x0200
#define CONDITION_2 0x0400
#define CONDITION_3 0x4000
#define CONDITIONS (CONDITION_0 | CONDITION_1 | CONDITION_2 | CONDITION_3)
#define STACK_FAULT 0x40

#define x87 hc_guest.x87

NATIVE static unsigned top(void)
{
	return x87.status >> 11 & 7;
}

NATIVE static void set_top(unsigned value)
{
	x87.status = (uint16_t)((x87.status & ~0x3800) | (value & 7) << 11);
}

NATIVE static unsigned physical(uint64_t index)
{
	return (top() + (unsigned)index) & 7;
}

NATIVE static void set_conditions(unsigned bits)
{
	x87.status = (uint16_t)((x87.status & ~CONDITIONS) | bits);
}

NATIVE static struct rounding begin(void)
{
	static const uint8_t precisions[] = {24, 64, 53, 64};
	return (struct rounding){precisions[x87.control >> 8 & 3], x87.control >> 10 & 3, 0};
}

NATIVE static void end(const struct rounding *rounding)
{
	x87.status |= (uint16_t)rounding->exceptions;
}

/* An empty register reads as "real indefinite". */
NATIVE static struct guest_extended get(uint64_t index)
{
	const unsigned at = physical(index);
	if (x87.used >> at & 1) return x87.registers[at];
	x87.status = (uint16_t)((x87.status & ~CONDITION_1) | X87_INVALID | STACK_FAULT);
	return extended_nan;
}

NATIVE static void put(uint64_t index, struct guest_extended value)
{
	const unsigned at = physical(index);
	x87.registers[at] = value;
	x87.used |= (uint8_t)(1 << at);
}

NATIVE static void pop(void)
{
	x87.used &= (uint8_t)~(1 << physical(0));
	set_top(top() + 1);
}

NATIVE static void push(struct guest_extended value)
{
	set_top(top() - 1);
	if (x87.used >> physical(0) & 1) {
		x87.status |= X87_INVALID | STACK_FAULT | CONDITION_1;
		value = extended_nan;
	}
	put(0, value);
}

/* --- memory ------------------------------------------------------------------------------------------- */

#define READ(type, address) ({ type value_; __builtin_memcpy(&value_, (const void *)(address), sizeof value_); value_; })
#define WRITE(address, value) ({ const __typeof__(value) value_ = (value); __builtin_memcpy((void *)(address), &value_, sizeof value_); })

NATIVE static struct number load(uint64_t format, uint64_t address, struct rounding *rounding)
{
	switch (format) {
	case X87_SINGLE: return number_from_single(READ(uint32_t, address), rounding);
	case X87_DOUBLE: return number_from_double(READ(uint64_t, address), rounding);
	case X87_INTEGER16: return number_from_integer(READ(int16_t, address));
	case X87_INTEGER32: return number_from_integer(READ(int32_t, address));
	case X87_INTEGER64: return number_from_integer(READ(int64_t, address));
	default: return number_from_integer(0);
	}
}

NATIVE static struct guest_extended load_decimal(uint64_t address)
{
	int64_t value = 0;
	for (int i = 8; i >= 0; i--) {
		const uint8_t two = READ(uint8_t, address + (uint64_t)i);
		value = value * 100 + (two >> 4) * 10 + (two & 15);
	}
	struct number n = number_from_integer(value);
	n.sign = READ(uint8_t, address + 9) >> 7;
	return number_pack(n);
}

LIFTED NATIVE void hc_x87_load(uint64_t format, uint64_t address)
{
	if (format == X87_EXTENDED) {
		push((struct guest_extended){READ(uint64_t, address), READ(uint16_t, address + 8)});
		return;
	}
	struct rounding rounding = begin();
	push(format == X87_DECIMAL ? load_decimal(address) : number_pack(load(format, address, &rounding)));
	end(&rounding);
}

NATIVE static void store_decimal(uint64_t address, struct number n, struct rounding *rounding)
{
	const int64_t value = number_to_integer(n, 64, rounding);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	if (left > 999999999999999999UL) { /* "packed indefinite" */
		WRITE(address, (uint64_t)0xc000000000000000UL);
		WRITE(address + 8, (uint16_t)0xffff);
		rounding->exceptions |= X87_INVALID;
		return;
	}
	for (uint64_t i = 0; i < 9; i++, left /= 100) WRITE(address + i, (uint8_t)(left / 10 % 10 << 4 | left % 10));
	WRITE(address + 9, (uint8_t)(n.sign << 7));
}

LIFTED NATIVE void hc_x87_store(uint64_t format, uint64_t address, uint64_t pops, uint64_t truncates)
{
	const struct guest_extended value = get(0);
	struct rounding rounding = begin(), reading = begin();
	if (truncates) rounding.mode = 3;
	const struct number n = number_unpack(value, &reading);
	switch (format) {
	case X87_SINGLE: WRITE(address, number_to_single(n, &rounding)); break;
	case X87_DOUBLE: WRITE(address, number_to_double(n, &rounding)); break;
	case X87_EXTENDED:
		WRITE(address, value.significand);
		WRITE(address + 8, value.sign_exponent);
		break;
	case X87_INTEGER16: WRITE(address, (int16_t)number_to_integer(n, 16, &rounding)); break;
	case X87_INTEGER32: WRITE(address, (int32_t)number_to_integer(n, 32, &rounding)); break;
	case X87_INTEGER64: WRITE(address, number_to_integer(n, 64, &rounding)); break;
	default: store_decimal(address, n, &rounding); break;
	}
	if (format != X87_EXTENDED) end(&rounding);
	if (pops) pop();
}

/* --- arithmetic ------------------------------------------------------------------------------------------ */

NATIVE static struct number negated(struct number n)
{
	if (n.kind != NUMBER_NAN) n.sign ^= 1;
	return n;
}

NATIVE static struct guest_extended compute(uint64_t operation, struct number a, struct number b, struct rounding *rounding)
{
	switch (operation) {
	case X87_ADD: return extended_add(a, b, rounding);
	case X87_MULTIPLY: return extended_multiply(a, b, rounding);
	case X87_SUBTRACT: return extended_add(a, negated(b), rounding);
	case X87_SUBTRACT_R: return extended_add(b, negated(a), rounding);
	case X87_DIVIDE: return extended_divide(a, b, rounding);
	default: return extended_divide(b, a, rounding);
	}
}

LIFTED NATIVE void hc_x87_arithmetic(uint64_t operation, uint64_t target, uint64_t source, uint64_t pops)
{
	struct rounding rounding = begin();
	const struct number a = number_unpack(get(target), &rounding), b = number_unpack(get(source), &rounding);
	put(target, compute(operation, a, b, &rounding));
	end(&rounding);
	if (pops) pop();
}

LIFTED NATIVE void hc_x87_arithmetic_memory(uint64_t operation, uint64_t format, uint64_t address)
{
	struct rounding rounding = begin();
	const struct number a = number_unpack(get(0), &rounding), b = load(format, address, &rounding);
	put(0, compute(operation, a, b, &rounding));
	end(&rounding);
}

NATIVE static enum comparison compare(struct number a, struct number b, int quiet, struct rounding *rounding)
{
	const enum comparison result = number_compare(a, b);
	if (result == COMPARED_UNORDERED && !quiet) rounding->exceptions |= X87_INVALID;
	end(rounding);
	return result;
}

NATIVE static void set_comparison(enum comparison result)
{
	static const uint16_t conditions[] = {0, CONDITION_0, CONDITION_3, CONDITION_0 | CONDITION_2 | CONDITION_3};
	set_conditions(conditions[result]);
}

LIFTED NATIVE void hc_x87_compare(uint64_t with, uint64_t pops, uint64_t quiet)
{
	struct rounding rounding = begin();
	const struct number a = number_unpack(get(0), &rounding), b = number_unpack(get(with), &rounding);
	set_comparison(compare(a, b, quiet != 0, &rounding));
	while (pops--) pop();
}

LIFTED NATIVE void hc_x87_compare_memory(uint64_t format, uint64_t address, uint64_t pops)
{
	struct rounding rounding = begin();
	const struct number a = number_unpack(get(0), &rounding), b = load(format, address, &rounding);
	set_comparison(compare(a, b, 0, &rounding));
	if (pops) pop();
}

/* FCOMI: carry, parity and zero flag. */
LIFTED NATIVE uint64_t hc_x87_compare_flags(uint64_t with, uint64_t pops, uint64_t quiet)
{
	static const uint8_t flags[] = {0, 0x01, 0x40, 0x45};
	struct rounding rounding = begin();
	const struct number a = number_unpack(get(0), &rounding), b = number_unpack(get(with), &rounding);
	const enum comparison result = compare(a, b, quiet != 0, &rounding);
	if (pops) pop();
	return flags[result];
}

NATIVE static void examine(void)
{
	const struct guest_extended value = x87.registers[physical(0)];
	const unsigned exponent = value.sign_exponent & 0x7fff;
	unsigned kind;
	if (!(x87.used >> physical(0) & 1)) kind = CONDITION_3 | CONDITION_0;
	else if (exponent == 0x7fff) kind = value.significand << 1 ? CONDITION_0 : CONDITION_2 | CONDITION_0;
	else if (!value.significand) kind = CONDITION_3;
	else if (!exponent) kind = CONDITION_3 | CONDITION_2;
	else kind = value.significand >> 63 ? CONDITION_2 : 0;
	set_conditions(kind | (value.sign_exponent >> 15 ? CONDITION_1 : 0));
}

NATIVE static void remainder(struct number a, struct number b, int nearest, struct rounding *rounding)
{
	uint64_t quotient;
	int partial;
	const struct guest_extended result = extended_remainder(a, b, nearest, &quotient, &partial, rounding);
	put(0, result);
	if (number_unpack(result, rounding).kind == NUMBER_NAN) {
		x87.status &= (uint16_t)~(CONDITION_1 | CONDITION_2); /* processors leave the others alone */
		return;
	}
	set_conditions(partial ? CONDITION_2
	                       : (quotient & 4 ? CONDITION_0 : 0) | (quotient & 2 ? CONDITION_3 : 0) | (quotient & 1 ? CONDITION_1 : 0));
}

/* Exponent in place of the number, then the significand on top. */
NATIVE static void extract(struct number a, struct rounding *rounding)
{
	struct number exponent = a;
	if (a.kind == NUMBER_FINITE) {
		exponent = number_from_integer(a.exponent);
		a.exponent = 0;
	} else if (a.kind == NUMBER_ZERO) {
		rounding->exceptions |= X87_ZERO_DIVIDE;
		exponent = (struct number){1UL << 63, 0, 1, NUMBER_INFINITE};
	} else if (a.kind == NUMBER_INFINITE) {
		exponent.sign = 0;
	}
	put(0, number_pack(exponent));
	push(number_pack(a));
}

LIFTED NATIVE void hc_x87_unary(uint64_t operation)
{
	struct guest_extended value = {0, 0};
	if (operation == X87_INCREMENT_TOP) {
		set_top(top() + 1);
		return;
	}
	if (operation == X87_DECREMENT_TOP) {
		set_top(top() - 1);
		return;
	}
	if (operation == X87_EXAMINE) {
		examine();
		return;
	}
	value = get(0);
	if (operation == X87_CHANGE_SIGN || operation == X87_ABSOLUTE) {
		value.sign_exponent = operation == X87_ABSOLUTE ? value.sign_exponent & 0x7fff : value.sign_exponent ^ 0x8000;
		put(0, value);
		return;
	}
	struct rounding rounding = begin();
	const struct number a = number_unpack(value, &rounding);
	switch (operation) {
	case X87_TEST: set_comparison(compare(a, number_from_integer(0), 0, &rounding)); break;
	case X87_ROUND: put(0, extended_round(a, &rounding)); break;
	case X87_SQUARE_ROOT: put(0, extended_square_root(a, &rounding)); break;
	case X87_SCALE: put(0, extended_scale(a, number_unpack(get(1), &rounding), &rounding)); break;
	case X87_REMAINDER: remainder(a, number_unpack(get(1), &rounding), 0, &rounding); break;
	case X87_REMAINDER_NEAREST: remainder(a, number_unpack(get(1), &rounding), 1, &rounding); break;
	default: extract(a, &rounding); break;
	}
	end(&rounding);
}

/* The constants are rounded by the control word: significands with 64 more bits, 8.3.8. */
LIFTED NATIVE void hc_x87_constant(uint64_t which)
{
	static const struct {
		uint64_t significand;
		int16_t exponent;
		int8_t below; /* sign of what rounding to nearest has dropped: 1 when the value is larger than the significand says */
	} constants[] = {
		{0x8000000000000000UL, 0, 0},  {0xd49a784bcd1b8afeUL, 1, 1},  {0xb8aa3b295c17f0bcUL, 0, -1}, {0xc90fdaa22168c235UL, 1, -1},
		{0x9a209a84fbcff799UL, -2, -1}, {0xb17217f7d1cf79acUL, -1, -1}, {0, 0, 0},
	};
	struct number n = {constants[which].significand, constants[which].exponent, 0, which == X87_ZERO ? NUMBER_ZERO : NUMBER_FINITE};
	const unsigned mode = x87.control >> 10 & 3;
	if (mode == 2 && constants[which].below > 0) n.significand++;
	if ((mode == 1 || mode == 3) && constants[which].below < 0) n.significand--;
	push(number_pack(n));
}

/* --- registers -------------------------------------------------------------------------------------------- */

LIFTED NATIVE void hc_x87_push_register(uint64_t index)
{
	push(get(index));
}

LIFTED NATIVE void hc_x87_store_register(uint64_t index, uint64_t pops)
{
	put(index, get(0));
	if (pops) pop();
}

LIFTED NATIVE void hc_x87_exchange(uint64_t index)
{
	const struct guest_extended a = get(0), b = get(index);
	put(0, b);
	put(index, a);
}

LIFTED NATIVE void hc_x87_move_if(uint64_t condition, uint64_t index)
{
	const struct guest_extended value = get(index);
	if (condition) put(0, value);
}

LIFTED NATIVE void hc_x87_free(uint64_t index, uint64_t pops)
{
	x87.used &= (uint8_t)~(1 << physical(index));
	if (pops) pop();
}

/* --- control ------------------------------------------------------------------------------------------------ */

LIFTED NATIVE void hc_x87_initialise(void)
{
	x87.control = 0x37f;
	x87.status = 0;
	x87.used = 0;
}

LIFTED NATIVE void hc_x87_clear_exceptions(void)
{
	x87.status &= 0x7f00;
}

LIFTED NATIVE void hc_x87_load_control(uint64_t address)
{
	x87.control = READ(uint16_t, address);
}

LIFTED NATIVE void hc_x87_store_control(uint64_t address)
{
	WRITE(address, x87.control);
}

LIFTED NATIVE uint64_t hc_x87_status(void)
{
	return x87.status;
}

/* The protected-mode format: figure 8-9. Tags tell empty registers from others only. */
LIFTED NATIVE void hc_x87_store_environment(uint64_t address)
{
	uint32_t words[7] = {0xffff0000u | x87.control, 0xffff0000u | x87.status, 0xffff0000u, 0, 0, 0, 0xffff0000u};
	for (unsigned i = 0; i < 8; i++)
		if (!(x87.used >> i & 1)) words[2] |= 3u << 2 * i;
	__builtin_memcpy((void *)address, words, sizeof words);
	x87.control |= 0x3f;
}

LIFTED NATIVE void hc_x87_load_environment(uint64_t address)
{
	uint32_t words[3];
	__builtin_memcpy(words, (const void *)address, sizeof words);
	x87.control = (uint16_t)words[0];
	x87.status = (uint16_t)words[1];
	x87.used = 0;
	for (unsigned i = 0; i < 8; i++)
		if ((words[2] >> 2 * i & 3) != 3) x87.used |= (uint8_t)(1 << i);
}

LIFTED NATIVE void hc_x87_save(uint64_t address)
{
	hc_x87_store_environment(address);
	for (unsigned i = 0; i < 8; i++) {
		const struct guest_extended value = x87.registers[physical(i)];
		WRITE(address + 28 + 10 * i, value.significand);
		WRITE(address + 36 + 10 * i, value.sign_exponent);
	}
	hc_x87_initialise();
}

LIFTED NATIVE void hc_x87_restore(uint64_t address)
{
	hc_x87_load_environment(address);
	for (unsigned i = 0; i < 8; i++)
		x87.registers[physical(i)] = (struct guest_extended){READ(uint64_t, address + 28 + 10 * i), READ(uint16_t, address + 36 + 10 * i)};
}
