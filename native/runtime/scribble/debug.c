/* SPDX-License-Identifier: 0BSD
 *
 * The scribbling runtime: tests on one machine that a parked thread keeps nothing in registers or native frames. With
 * HC_SCRIBBLE=N, every Nth migration point overwrites all registers (park.S) and the native frames, return addresses
 * excepted, and goes on. HC_SCRIBBLE_REPORT=1 tells at exit how often that was.
 */
#include "../common/runtime.h"

#define DEPTH 64
#define GARBAGE 0xa5

/* Objects of one ISA hold no writable data: this is mapped. */
struct state {
	uint64_t period, points, parks, frames, report;
};
#define STATE_ADDRESS 0x3e80000000UL
static struct state *const state = (struct state *)STATE_ADDRESS;

static const char *value_of(char **envp, const char *name)
{
	for (; *envp; envp++) {
		const char *e = *envp, *n = name;
		while (*n && *e == *n) e++, n++;
		if (!*n && *e == '=') return e + 1;
	}
	return 0;
}

static uint64_t parse(const char *digits)
{
	uint64_t n = 0;
	for (; *digits >= '0' && *digits <= '9'; digits++) n = n * 10 + (uint64_t)(*digits - '0');
	return n;
}

static char *append(char *to, const char *text)
{
	while (*text) *to++ = *text++;
	return to;
}

static char *append_number(char *to, uint64_t n)
{
	char digits[20];
	int count = 0;
	do digits[count++] = (char)('0' + n % 10);
	while (n /= 10);
	while (count) *to++ = digits[--count];
	return to;
}

void hc_debug_start(char **envp)
{
	if (hc_map_at(STATE_ADDRESS, PAGE, PROT_READ | PROT_WRITE) < 0) __builtin_trap();
	const char *period = value_of(envp, "HC_SCRIBBLE");
	state->report = value_of(envp, "HC_SCRIBBLE_REPORT") != 0;
	state->period = period ? parse(period) : 0;
	if (state->period) hc_control.request = HC_PARK; /* for good: every point calls __hc_park */
}

void hc_debug_exit(void)
{
	if (!state->report) return;
	char line[160], *end = line;
	end = append(end, "hc-scribble: ");
	end = append_number(end, state->points);
	end = append(end, " points, ");
	end = append_number(end, state->parks);
	end = append(end, " parks, ");
	end = append_number(end, state->frames);
	end = append(end, " frames\n");
	hc_kernel_call(SYS_write, 2, (long)line, end - line, 0, 0, 0);
}

static void scribble_frame(uint64_t low, uint64_t high, uint64_t return_address)
{
	for (uint64_t p = low; p < high; p += 8)
		if (p != return_address) *(uint64_t *)p = GARBAGE * 0x0101010101010101UL;
}

/* From park.S, on the scratch stack. Returns whether registers are to be overwritten, too. */
int hc_scribble(struct hc_thread_block *self)
{
	if (__atomic_add_fetch(&state->points, 1, __ATOMIC_RELAXED) % state->period) return 0;
	__atomic_fetch_add(&state->parks, 1, __ATOMIC_RELAXED);
	struct hc_walk walk = {self->public.pc, self->public.sp, self->public.data};
	for (int depth = 0; depth < DEPTH; depth++) {
		const struct hc_site *site = hc_site_at(walk.pc);
		if (!site) {
			static const char message[] = "hc-scribble: a return address is in no call-site table\n";
			hc_kernel_call(SYS_write, 2, (long)message, sizeof message - 1, 0, 0, 0);
			__builtin_trap();
		}
		if (!site->id) break;
		uint64_t end = walk.sp + site->native_frame;
		scribble_frame(walk.sp, end, end + (uint64_t)(int64_t)site->return_slot);
		__atomic_fetch_add(&state->frames, 1, __ATOMIC_RELAXED);
		hc_step(&walk);
	}
	return 1;
}
