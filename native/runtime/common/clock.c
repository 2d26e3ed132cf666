/* SPDX-License-Identifier: 0BSD
 *
 * Clocks: at native speed, through the vDSO of the machine we are on, and without a jump at a move. Clocks that count from a
 * machine's boot or a process's start go on where they were when the program parked: an offset is added.
 */
#include "runtime.h"

enum { CLOCKS = 8 };
/* time(7), clock_getres(2). The coarse clock shares its offset with the precise one; the thread's clock is in its block. */
static const uint8_t continued[] = {CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME};

static uint64_t vdso_clock_gettime; /* 0: there is none */
static int64_t parked_at[CLOCKS], offsets[CLOCKS]; /* ns */
static uint64_t offset_taken, offset_generation; /* of which some thread sets, has set, the offsets */
static uint32_t moved; /* some offset is not 0 */

/* A thread cannot move within a native function, so that what is looked up here is good until we return. */
NATIVE static uint64_t clock_function(void)
{
	uint64_t generation = hc_control.generation;
	if (__atomic_load_n(&hc_control.clock_generation, __ATOMIC_ACQUIRE) != generation) {
		/* arch/x86/entry/vdso/vdso.lds.S; arch/arm64/kernel/vdso/vdso.lds.S */
		const char *name = hc_control.isa == HC_ISA_X86_64 ? "__vdso_clock_gettime" : "__kernel_clock_gettime";
		vdso_clock_gettime = hc_vdso_symbol(hc_control.vdso, name);
		__atomic_store_n(&hc_control.clock_generation, generation, __ATOMIC_RELEASE);
	}
	return vdso_clock_gettime;
}

NATIVE static long machine_time(long clock, struct hc_timespec *result)
{
	uint64_t function = clock_function();
	if (function) return hc_vdso_call(function, clock, (long)result);
	return hc_kernel_call(SYS_clock_gettime, clock, (long)result, 0, 0, 0, 0);
}

NATIVE static int64_t machine_ns(long clock)
{
	struct hc_timespec t = {0};
	machine_time(clock, &t);
	return t.seconds * NANOSECONDS + t.nanoseconds;
}

/* clock_getcpuclockid(3), pthread_getcpuclockid(3): the complement of an id, then a kind (include/linux/posix-timers_types.h). */
NATIVE static int64_t cpu_clock_offset(long clock)
{
	uint32_t id = ~(uint32_t)((int32_t)clock >> 3);
	if (!((int32_t)clock & 4)) return id == 0 || id == (uint32_t)hc_kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0) ? offsets[CLOCK_PROCESS_CPUTIME_ID] : 0;
	if (!id) return __hc_self->cpu_offset;
	for (uint64_t at = hc_control.thread_list; at;) {
		const struct hc_thread_block *block = (void *)at;
		if (block->public.tid == id && block->public.state != HC_THREAD_GONE) return block->cpu_offset;
		at = block->public.next;
	}
	return 0;
}

/* What the program reads is the machine's time plus this. */
NATIVE int64_t hc_clock_offset(long clock)
{
	if (!moved) return 0;
	if (clock == CLOCK_MONOTONIC_COARSE) clock = CLOCK_MONOTONIC;
	if (clock == CLOCK_THREAD_CPUTIME_ID) return __hc_self->cpu_offset;
	if (clock < 0) return cpu_clock_offset(clock);
	return clock < CLOCKS ? offsets[clock] : 0;
}

NATIVE void hc_park_clocks(struct hc_thread_block *self)
{
	for (unsigned i = 0; i < sizeof continued; i++) {
		long clock = continued[i];
		int64_t now = machine_ns(clock) + offsets[clock];
		/* The last thread that parks has the last word. */
		int64_t known = __atomic_load_n(&parked_at[clock], __ATOMIC_RELAXED);
		while (known < now && !__atomic_compare_exchange_n(&parked_at[clock], &known, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {}
	}
	self->cpu_parked_at = machine_ns(CLOCK_THREAD_CPUTIME_ID) + self->cpu_offset;
}

/* Each thread that has moved comes here before it runs on; the first one sets the process's offsets. */
NATIVE void hc_resume_clocks(struct hc_thread_block *self)
{
	uint64_t generation = hc_control.generation, before = __atomic_load_n(&offset_taken, __ATOMIC_SEQ_CST);
	if (before != generation &&
	    __atomic_compare_exchange_n(&offset_taken, &before, generation, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		for (unsigned i = 0; i < sizeof continued; i++) {
			long clock = continued[i];
			offsets[clock] = parked_at[clock] - machine_ns(clock);
		}
		__atomic_store_n(&moved, 1, __ATOMIC_RELEASE);
		__atomic_store_n(&offset_generation, generation, __ATOMIC_SEQ_CST);
	}
	while (__atomic_load_n(&offset_generation, __ATOMIC_SEQ_CST) != generation) hc_kernel_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	self->cpu_offset = self->cpu_parked_at - machine_ns(CLOCK_THREAD_CPUTIME_ID);
}

NATIVE long hc_clock_gettime(long clock, struct hc_timespec *result)
{
	long failed = machine_time(clock, result);
	if (__builtin_expect(moved, 0) && !failed) {
		int64_t ns = result->seconds * NANOSECONDS + result->nanoseconds + hc_clock_offset(clock);
		*result = (struct hc_timespec){ns / NANOSECONDS, ns % NANOSECONDS};
	}
	return failed;
}

NATIVE long hc_gettimeofday(struct hc_timeval *time, int32_t *zone)
{
	struct hc_timespec now;
	long result = machine_time(CLOCK_REALTIME, &now);
	if (result) return result;
	if (time) *time = (struct hc_timeval){now.seconds, now.nanoseconds / 1000};
	if (zone) zone[0] = zone[1] = 0; /* the kernel's zone is obsolete: gettimeofday(2) */
	return 0;
}

NATIVE long hc_time(int64_t *result)
{
	struct hc_timespec now = {0};
	machine_time(CLOCK_REALTIME, &now);
	if (result) *result = now.seconds;
	return now.seconds;
}
