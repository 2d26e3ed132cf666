/* SPDX-License-Identifier: 0BSD
 *
 * What an aarch64 guest has of the machine: counter, checksums, rounding mode.
 */
#include "lift.h"

#define COUNTS_PER_SECOND 1000000000UL

/* CNTVCT_EL0: a clock that goes on over a move. */
LIFTED NATIVE uint64_t hc_guest_counter(void)
{
	struct hc_timespec now;
	hc_clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.seconds * COUNTS_PER_SECOND + (uint64_t)now.nanoseconds;
}

LIFTED NATIVE uint64_t hc_guest_counter_frequency(void)
{
	return COUNTS_PER_SECOND;
}

/* CRC32 and CRC32C, bit by bit: Arm ARM C6.2, with the polynomials' bits in reverse. */
NATIVE static uint64_t checksum(uint64_t sum, uint64_t value, unsigned bytes, uint32_t polynomial)
{
	uint32_t crc = (uint32_t)sum;
	for (unsigned i = 0; i < bytes; i++) {
		crc ^= value >> 8 * i & 0xff;
		for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	}
	return crc;
}

#define CHECKSUM(name, bytes, polynomial) \
	LIFTED NATIVE uint64_t hc_guest_##name(uint64_t sum, uint64_t value) \
	{ \
		return checksum(sum, value, bytes, polynomial); \
	}
CHECKSUM(crc32b, 1, 0xedb88320)
CHECKSUM(crc32h, 2, 0xedb88320)
CHECKSUM(crc32w, 4, 0xedb88320)
CHECKSUM(crc32x, 8, 0xedb88320)
CHECKSUM(crc32cb, 1, 0x82f63b78)
CHECKSUM(crc32ch, 2, 0x82f63b78)
CHECKSUM(crc32cw, 4, 0x82f63b78)
CHECKSUM(crc32cx, 8, 0x82f63b78)

/* FPCR bits 23:22: nearest, up, down, to zero; <fenv.h> has down and up the other way round. The machine's mode follows. */
LIFTED NATIVE void hc_guest_set_rounding(uint32_t fpcr)
{
	const unsigned mode = fpcr >> 22 & 3, swapped = (mode & 1) << 1 | mode >> 1;
	hc_fp_set((hc_fp_get() & ~0xc00u) | swapped << 10);
}
