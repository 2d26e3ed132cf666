/* SPDX-License-Identifier: 0BSD
 *
 * Plays the kernel's exec for the lifted program: a stack with arguments, environment and auxiliary vector, then its entry
 * point. Replaces common/main.c, which starts C programs.
 */
#include "lift.h"

#define STACK_SIZE (8UL << 20)

/* What the auxiliary vector says of our own executable, and what it says of the guest's instead. */
NATIVE static uint64_t guest_value(uint64_t type, uint64_t value)
{
	switch (type) {
	case AT_PHDR: return hc_guest_headers;
	case AT_PHNUM: return hc_guest_header_count;
	case AT_ENTRY: return hc_guest_entry;
	case AT_BASE: return 0;
	default: return value;
	}
}

/* argc, argv, 0, envp, 0, auxv at the stack pointer, which is a multiple of 16. */
NATIVE static uint64_t fill_stack(uint64_t top, const uint64_t *image)
{
	uint64_t count = image[0] + 2;
	while (image[count++]) {}
	const uint64_t before_auxv = count;
	while (image[count]) count += 2;
	uint64_t *words = (uint64_t *)((top - 8 * (count + 4)) & ~15UL);
	for (uint64_t i = 0; i < count; i++) words[i] = image[i];
	for (uint64_t i = before_auxv; i < count; i += 2) words[i + 1] = guest_value(words[i], words[i + 1]);
	if (hc_guest_capabilities) {
		words[count++] = AT_HWCAP;
		words[count++] = hc_guest_capabilities;
	}
	words[count] = words[count + 1] = 0;
	return (uint64_t)words;
}

NATIVE static void start_guest(const uint64_t *image)
{
	long stack = hc_mmap(0, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack < 0 && stack > -4096) hc_guest_fail("hc: cannot map the program's stack: ", (uint64_t)-stack, "\n");
	hc_guest_begin(fill_stack((uint64_t)stack + STACK_SIZE, image));
}

/* Where the guest goes on when all frames of ours are given up. */
static _Thread_local struct {
	uint64_t buffer[32];
	uint64_t address;
} driver;

int setjmp(void *buffer) __attribute__((returns_twice));

PORTABLE _Noreturn void hc_guest_restart(uint64_t address)
{
	driver.address = address;
	__hc_longjmp(driver.buffer, 1);
}

PORTABLE _Noreturn void hc_guest_run(uint64_t begin)
{
	driver.address = begin;
	setjmp(driver.buffer);
	/* A lifted function returns here when the program goes on in a frame that we don't have: makecontext, for one. */
	for (uint64_t address = driver.address;;) address = hc_guest_find(address)(address);
}

ENTRY PORTABLE long __hc_main(long *image)
{
	hc_leave_kernel_stack();
	start_guest((const uint64_t *)image);
	hc_guest_run(hc_guest_entry);
}
