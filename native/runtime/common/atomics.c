/* SPDX-License-Identifier: 0BSD
 *
 * C11 atomic objects that no single instruction serves on both ISAs: what compilers expect of a libatomic (GCC Wiki,
 * "Atomic/GCCMM/LIbrary"). A lock from a small table, by address, held within one native function only, where a thread can't park.
 */
#include "runtime.h"

#define LOCKS 64
#define SPINS 1000

static struct {
	_Alignas(64) uint32_t held;
} locks[LOCKS];

NATIVE static uint32_t *lock(const void *object)
{
	uint64_t address = (uint64_t)object / 16;
	uint32_t *word = &locks[(address ^ address / LOCKS) % LOCKS].held;
	for (int spins = 0; __atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE); spins++)
		if (spins >= SPINS) hc_kernel_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	return word;
}

NATIVE static void unlock(uint32_t *word)
{
	__atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

NATIVE static void copy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++) ((char *)to)[i] = ((const char *)from)[i];
}

NATIVE static int differ(const void *a, const void *b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (((const char *)a)[i] != ((const char *)b)[i]) return 1;
	return 0;
}

/* The compilers' names are builtins, which C can't define. Those that are aligned and small never come here. */
#define NAMED(name) __asm__("__atomic_" name)
void hc_atomic_load(size_t size, const void *object, void *result, int order) NAMED("load");
void hc_atomic_store(size_t size, void *object, const void *value, int order) NAMED("store");
void hc_atomic_exchange(size_t size, void *object, const void *value, void *result, int order) NAMED("exchange");
_Bool hc_atomic_compare(size_t size, void *object, void *expected, const void *desired, int success, int failure)
	NAMED("compare_exchange");
_Bool hc_atomic_is_lock_free(size_t size, const void *object) NAMED("is_lock_free");

NATIVE void hc_atomic_load(size_t size, const void *object, void *result, int order)
{
	(void)order;
	uint32_t *held = lock(object);
	copy(result, object, size);
	unlock(held);
}

NATIVE void hc_atomic_store(size_t size, void *object, const void *value, int order)
{
	(void)order;
	uint32_t *held = lock(object);
	copy(object, value, size);
	unlock(held);
}

NATIVE void hc_atomic_exchange(size_t size, void *object, const void *value, void *result, int order)
{
	(void)order;
	uint32_t *held = lock(object);
	copy(result, object, size);
	copy(object, value, size);
	unlock(held);
}

NATIVE _Bool hc_atomic_compare(size_t size, void *object, void *expected, const void *desired, int success, int failure)
{
	(void)success, (void)failure;
	uint32_t *held = lock(object);
	int different = differ(object, expected, size);
	if (different) copy(expected, object, size);
	else copy(object, desired, size);
	unlock(held);
	return !different;
}

NATIVE _Bool hc_atomic_is_lock_free(size_t size, const void *object)
{
	return size && size <= 8 && !(size & (size - 1)) && !((uint64_t)object & (size - 1));
}
