/* SPDX-License-Identifier: 0BSD
 *
 * REP MOVS and REP STOS. The lifter sets the registers; this does the memory, element by element where that shows.
 */
#include "lift.h"

#define UNALIGNED(bits) typedef uint##bits##_t unaligned##bits __attribute__((aligned(1), may_alias))
UNALIGNED(16);
UNALIGNED(32);
UNALIGNED(64);

#define COPY(type) \
	for (; count; count--, to += step, from += step) *(type *)to = *(const type *)from

LIFTED NATIVE void hc_guest_repeat_move(uint64_t to, uint64_t from, uint64_t count, uint64_t direction, uint64_t size)
{
	const uint64_t step = direction * size, length = count * size;
	/* Forwards, unless what is written is read later on. */
	if (direction == 1 && to - from >= length) {
		__builtin_memmove((void *)to, (const void *)from, length);
		return;
	}
	switch (size) {
	case 1: COPY(uint8_t); break;
	case 2: COPY(unaligned16); break;
	case 4: COPY(unaligned32); break;
	default: COPY(unaligned64); break;
	}
}

LIFTED NATIVE void hc_guest_repeat_store(uint64_t to, uint64_t value, uint64_t count, uint64_t direction, uint64_t size)
{
	const uint64_t step = direction * size;
	for (; count; count--, to += step) switch (size) {
		case 1: *(uint8_t *)to = (uint8_t)value; break;
		case 2: *(unaligned16 *)to = (uint16_t)value; break;
		case 4: *(unaligned32 *)to = (uint32_t)value; break;
		default: *(unaligned64 *)to = value; break;
		}
}
