/* SPDX-License-Identifier: 0BSD
 *
 * Vectors that live across points, and of which some are halves of a register pair in between (tbl of aarch64 reads pairs).
 */
#include <string.h>

#include "check.h"

typedef signed char bytes __attribute__((vector_size(16)));
typedef short words __attribute__((vector_size(16)));

enum { ROUNDS = 16, INNER = 4, SKIPPED = 5 };

struct sums {
	bytes added, mixed, last, first;
};

static bytes interleaved(bytes low, bytes high)
{
	return __builtin_shufflevector(low, high, 16, 0, 17, 1, 18, 2, 19, 3, 20, 4, 21, 5, 22, 6, 23, 7);
}

__attribute__((noinline)) static void by_vectors(const bytes *input, long rounds, struct sums *sums)
{
	bytes added = sums->added, mixed = sums->mixed, last = sums->last, first = sums->first;
	for (long i = 0; i < rounds; i++) {
		if (input[i * INNER][3] == SKIPPED) continue;
		for (int k = 0; k < INNER; k++) {
			bytes value = input[i * INNER + k];
			words wide = (words)interleaved(value < 0, value);
			last = (bytes)(wide < 0);
			first = __builtin_shufflevector(last, (bytes)wide, 16, 17, 0, 1, 18, 19, 2, 3, 20, 21, 4, 5, 22, 23, 6, 7);
			added += first;
			mixed ^= __builtin_shufflevector(last, (bytes)wide, 24, 25, 8, 9, 26, 27, 10, 11, 28, 29, 12, 13, 30, 31, 14, 15);
		}
	}
	*sums = (struct sums){added, mixed, last, first};
}

static void one_by_one(const bytes *input, long rounds, struct sums *sums)
{
	for (long i = 0; i < rounds; i++) {
		if (input[i * INNER][3] == SKIPPED) continue;
		for (int k = 0; k < INNER; k++) {
			signed char wide[16], last[16];
			for (int at = 0; at < 8; at++) {
				signed char value = input[i * INNER + k][at];
				wide[2 * at] = value;
				wide[2 * at + 1] = last[2 * at] = last[2 * at + 1] = value < 0 ? -1 : 0;
			}
			for (int at = 0; at < 16; at++) {
				int from = at / 4 * 2 + at % 2;
				const signed char *half = at % 4 < 2 ? wide : last;
				sums->last[at] = last[at];
				sums->first[at] = half[from];
				sums->added[at] = (signed char)(sums->added[at] + half[from]);
				sums->mixed[at] ^= half[from + 8];
			}
		}
	}
}

typedef _Bool flags __attribute__((ext_vector_type(16)));

/* Elements of less than a byte, and of floating point, at indices that vary. */
static void at_indices(int steps)
{
	typedef double doubles __attribute__((vector_size(32)));
	doubles values = {1, 2, 3, 4};
	flags odd = {0};
	double sum = 0;
	int count = 0;
	for (int i = 0; i < steps; i++) {
		values[i % 4] += i;
		sum += values[(i + 1) % 4];
		odd[i % 16] = i & 1;
		count += odd[i * 5 % 16];
	}
	CHECK(sum == 8480 && values[1] == 437 && count == 26);
}

int main(int argc, char **argv)
{
	static bytes input[ROUNDS * INNER];
	struct sums sums = {.first = {1, 2, 3}, .last = {4, 5, 6}}, expected = sums;
	for (int i = 0; i < ROUNDS * INNER; i++)
		for (int k = 0; k < 16; k++) input[i][k] = (signed char)(i * 37 * argc + k * 11);
	for (long rounds = 0; rounds <= ROUNDS; rounds += ROUNDS / 2) {
		by_vectors(input, rounds, &sums);
		one_by_one(input, rounds, &expected);
		CHECK(!memcmp(&sums, &expected, sizeof sums));
	}
	at_indices(argc * 60);
	puts("vectors ok");
}
