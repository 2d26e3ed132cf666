/* SPDX-License-Identifier: 0BSD
 *
 * Flags and conditions of x86: Intel SDM volume 1, 3.4.3 and appendix B; volume 2 for each instruction.
 */
#include "flags.h"
#include "lift.h"

#define INLINE static inline __attribute__((always_inline))

/* One operation at its width: operands and result are cut to it. */
struct operation {
	uint64_t first, second, result, sign; /* sign: the width's highest bit */
	uint64_t carry, overflow;             /* as 0 or 1 */
	uint64_t adjust;                      /* FLAG_ADJUST or 0 */
};

INLINE uint64_t mask_of(uint64_t sign)
{
	return sign | (sign - 1);
}

INLINE uint64_t parity(uint64_t result)
{
	return __builtin_parity((unsigned)result & 0xff) ? 0 : FLAG_PARITY;
}

INLINE uint64_t collect(const struct operation *o)
{
	return o->carry | parity(o->result) | o->adjust | (o->result ? 0 : FLAG_ZERO) | (o->result & o->sign ? FLAG_SIGN : 0) |
	       (o->overflow ? FLAG_OVERFLOW : 0);
}

INLINE void add(struct operation *o, uint64_t carry)
{
	o->result = (o->first + o->second + carry) & mask_of(o->sign);
	o->carry = carry ? o->result <= o->first : o->result < o->first;
	o->overflow = ((o->first ^ o->result) & (o->second ^ o->result) & o->sign) != 0;
	o->adjust = (o->first ^ o->second ^ o->result) & FLAG_ADJUST;
}

INLINE void subtract(struct operation *o, uint64_t borrow)
{
	o->result = (o->first - o->second - borrow) & mask_of(o->sign);
	o->carry = borrow ? o->first <= o->second : o->first < o->second;
	o->overflow = ((o->first ^ o->second) & (o->first ^ o->result) & o->sign) != 0;
	o->adjust = (o->first ^ o->second ^ o->result) & FLAG_ADJUST;
}

INLINE void multiply(struct operation *o, int is_signed)
{
	const uint64_t mask = mask_of(o->sign);
	unsigned __int128 product;
	if (is_signed) {
		const int64_t a = (int64_t)((o->first ^ o->sign) - o->sign), b = (int64_t)((o->second ^ o->sign) - o->sign);
		product = (unsigned __int128)((__int128)a * b);
		o->result = (uint64_t)product & mask;
		const int64_t low = (int64_t)((o->result ^ o->sign) - o->sign);
		o->carry = (__int128)product != low;
	} else {
		product = (unsigned __int128)o->first * o->second;
		o->result = (uint64_t)product & mask;
		o->carry = product != o->result;
	}
	o->overflow = o->carry;
}

/* Rotations change two flags and leave the others. */
INLINE uint64_t rotated(uint64_t before, uint64_t carry, uint64_t overflow)
{
	return (before & ~(FLAG_CARRY | FLAG_OVERFLOW)) | carry | (overflow ? FLAG_OVERFLOW : 0);
}

INLINE uint64_t bit_manipulation(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	const uint64_t kind = ((number - 1) & ~1UL) + 1, sign = number & 1 ? 1UL << 31 : 1UL << 63, mask = mask_of(sign);
	const uint64_t result = first & mask, source = second & mask;
	struct operation o = {.first = result, .result = result, .sign = sign};
	uint64_t flags = (result ? 0 : FLAG_ZERO) | (result & sign ? FLAG_SIGN : 0);
	switch (kind) {
	case FLAGS_BLSI: return flags | (source ? FLAG_CARRY : 0);
	case FLAGS_BLSMSK:
	case FLAGS_BLSR: return flags | (source ? 0 : FLAG_CARRY);
	case FLAGS_ADCX:
		o.second = (source ^ (third & FLAG_CARRY)) & mask;
		add(&o, third & FLAG_CARRY);
		return (third & ~FLAG_CARRY) | o.carry;
	case FLAGS_ADOX: {
		const uint64_t before = third & FLAG_OVERFLOW ? 1 : 0;
		o.second = (source ^ before) & mask;
		add(&o, before);
		return (third & ~FLAG_OVERFLOW) | (o.carry ? FLAG_OVERFLOW : 0);
	}
	default: return flags; /* ANDN */
	}
}

INLINE uint64_t flags_of(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	if (number == FLAGS_COPY) return first & (FLAG_CARRY | FLAG_PARITY | FLAG_ADJUST | FLAG_ZERO | FLAG_SIGN | FLAG_OVERFLOW);
	if (number >= FLAGS_ANDN) return bit_manipulation(number, first, second, third);
	const uint64_t sign = 1UL << ((8UL << ((number - 1) & 3)) - 1), mask = mask_of(sign), carry = third & FLAG_CARRY;
	struct operation o = {.first = first & mask, .second = second & mask, .sign = sign};
	switch ((number - 1) >> 2) {
	case FLAGS_ADD: add(&o, 0); break;
	case FLAGS_SUB: subtract(&o, 0); break;
	case FLAGS_ADC:
		o.second ^= carry;
		add(&o, carry);
		break;
	case FLAGS_SBB:
		o.second ^= carry;
		subtract(&o, carry);
		break;
	case FLAGS_LOGIC: o.result = o.first; break;
	case FLAGS_INC:
		o.result = o.first;
		o.carry = carry;
		o.overflow = o.result == sign;
		o.adjust = o.result & 15 ? 0 : FLAG_ADJUST;
		break;
	case FLAGS_DEC:
		o.result = o.first;
		o.carry = carry;
		o.overflow = o.result == sign - 1;
		o.adjust = (o.result & 15) == 15 ? FLAG_ADJUST : 0;
		break;
	case FLAGS_SHL:
		o.result = o.first;
		o.carry = (o.second & sign) != 0;
		o.overflow = ((o.second ^ o.first) & sign) != 0;
		break;
	case FLAGS_SHR:
		o.result = o.first;
		o.carry = o.second & 1;
		o.overflow = ((o.second ^ o.first) & sign) != 0;
		break;
	case FLAGS_ROL: return rotated(third, first & 1, ((o.first & sign) != 0) ^ (first & 1));
	case FLAGS_ROR: return rotated(third, (o.first & sign) != 0, ((o.first & sign) != 0) ^ ((o.first & (sign >> 1)) != 0));
	case FLAGS_UMUL: multiply(&o, 0); break;
	default: multiply(&o, 1); break;
	}
	return collect(&o);
}

LIFTED NATIVE uint64_t hc_guest_flags(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	return flags_of(number, first, second, third);
}

LIFTED NATIVE uint64_t hc_guest_carry(uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	return flags_of(number, first, second, third) & FLAG_CARRY;
}

/* Condition codes as in opcodes 70 to 7f: the odd ones are the even ones' opposites. */
LIFTED NATIVE uint64_t hc_guest_condition(uint64_t condition, uint64_t number, uint64_t first, uint64_t second, uint64_t third)
{
	const uint64_t f = flags_of(number, first, second, third);
	const uint64_t less = ((f & FLAG_SIGN) != 0) ^ ((f & FLAG_OVERFLOW) != 0);
	uint64_t holds;
	switch (condition >> 1) {
	case 0: holds = (f & FLAG_OVERFLOW) != 0; break;
	case 1: holds = (f & FLAG_CARRY) != 0; break;
	case 2: holds = (f & FLAG_ZERO) != 0; break;
	case 3: holds = (f & (FLAG_CARRY | FLAG_ZERO)) != 0; break;
	case 4: holds = (f & FLAG_SIGN) != 0; break;
	case 5: holds = (f & FLAG_PARITY) != 0; break;
	case 6: holds = less; break;
	default: holds = less | ((f & FLAG_ZERO) != 0); break;
	}
	return holds ^ (condition & 1);
}

/* Rotation through the carry flag. A negative size asks for the flags. */
INLINE uint64_t rotate_carry(uint64_t value, uint64_t amount, uint64_t flags, int64_t size, int left)
{
	const uint64_t bits = 8 * (uint64_t)(size < 0 ? -size : size), sign = 1UL << (bits - 1);
	uint64_t carry = flags & FLAG_CARRY, overflow = (flags & FLAG_OVERFLOW) != 0, v = value & mask_of(sign);
	for (uint64_t left_over = bits == 64 ? amount & 63 : (amount & 31) % (bits + 1); left_over; left_over--) {
		const uint64_t out = left ? (v & sign) != 0 : v & 1;
		v = left ? ((v << 1) | carry) & mask_of(sign) : (v >> 1) | (carry ? sign : 0);
		carry = out;
		overflow = left ? ((v & sign) != 0) ^ carry : ((v & sign) != 0) ^ ((v & (sign >> 1)) != 0);
	}
	return size < 0 ? rotated(flags, carry, overflow) : v;
}

LIFTED NATIVE uint64_t hc_guest_rcl(uint64_t value, uint64_t amount, uint64_t flags, int64_t size)
{
	return rotate_carry(value, amount, flags, size, 1);
}

LIFTED NATIVE uint64_t hc_guest_rcr(uint64_t value, uint64_t amount, uint64_t flags, int64_t size)
{
	return rotate_carry(value, amount, flags, size, 0);
}
