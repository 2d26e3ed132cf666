/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "check.h"

#define MMAP_ARENA 0x2000000000UL
#define MMAP_ARENA_END 0x3e00000000UL
#define PAGE 4096

static int in_arena(void *p)
{
	return (uintptr_t)p >= MMAP_ARENA && (uintptr_t)p < MMAP_ARENA_END;
}

static char *map(size_t length)
{
	return mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	char *a = map(3 * PAGE), *b = map(PAGE);
	CHECK(in_arena(a) && in_arena(b) && b >= a + 3 * PAGE);
	strcpy(a, "kept");

	/* what was unmapped last is used again */
	CHECK(!munmap(b, PAGE));
	CHECK(map(PAGE) == b);

	/* growing where something is in the way moves, within the arena */
	char *c = mremap(a, 3 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	CHECK(in_arena(c) && c != a && !strcmp(c, "kept"));
	CHECK(mremap(c, 64 * PAGE, PAGE, 0) == c && !strcmp(c, "kept"));
	CHECK(!munmap(c, PAGE));

	/* fixed addresses: in the program's part only */
	char *fixed = map(4 * PAGE);
	CHECK(mmap(fixed, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == fixed);
	CHECK(mmap((void *)0x200000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
	CHECK(mmap((void *)0x7f0000000000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
	CHECK(in_arena(mmap((void *)0x7f0000000000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
	CHECK(mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(0, 1UL << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);

	/* the arena's end: a large mapping goes where another one was */
	char *large = mmap(0, 60UL << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), *behind = map(PAGE);
	CHECK(in_arena(large) && in_arena(behind) && !munmap(large, 60UL << 30));
	large = mmap(0, 59UL << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(in_arena(large) && !munmap(behind, PAGE));
	CHECK(!munmap(large, 59UL << 30) && in_arena(map(PAGE)));
	CHECK(mmap((void *)0x1800000000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);

	/* malloc, small and large, again and again */
	for (int round = 0; round < 50; round++) {
		char *pieces[40];
		for (int i = 0; i < 40; i++) {
			pieces[i] = malloc(100u << (i % 14));
			CHECK(pieces[i] && (uintptr_t)pieces[i] < 1UL << 38);
			memset(pieces[i], i, 100u << (i % 14));
		}
		for (int i = 0; i < 40; i++) pieces[i] = realloc(pieces[i], 300u << (i % 14));
		for (int i = 0; i < 40; i++) CHECK(pieces[i][(100u << (i % 14)) - 1] == i);
		for (int i = 0; i < 40; i++) free(pieces[i]);
	}

	/* a segment of System V shared memory; a sandbox may not have them */
	int id = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600);
	if (id >= 0) {
		char *one = shmat(id, 0, 0), *two = shmat(id, 0, 0);
		shmctl(id, IPC_RMID, 0);
		CHECK(in_arena(one) && in_arena(two) && one != two);
		strcpy(one, "shared");
		CHECK(!strcmp(two, "shared"));
		CHECK(!shmdt(one) && !shmdt(two));
	}
	char local;
	CHECK((uintptr_t)&local >= 0x1000000000UL && (uintptr_t)&local < 0x2000000000UL);
	puts("memory ok");
	return 0;
}
