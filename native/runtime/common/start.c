/* SPDX-License-Identifier: 0BSD
 *
 * From the kernel's entry to the program. __hc_start runs on the kernel's stack; the entry stub then switches to the first
 * thread's own stacks and calls __hc_main (main.c).
 */
#include "runtime.h"

#define MEBIBYTE (1UL << 20)
#define STACK_MIN (8 * MEBIBYTE)
#define STACK_UNLIMITED (64 * MEBIBYTE)
#define STACK_MAX (1024 * MEBIBYTE)

/* The kernel keeps a gap of stack_guard_gap (1 MiB) below its stack: nothing else can lie there. */
#define KERNEL_STACK_REACH MEBIBYTE

extern const unsigned long __hc_pthread_size;

/* include/uapi/linux/prctl.h */
struct prctl_mm_map {
	uint64_t start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	uint64_t arg_start, arg_end, env_start, env_end, auxv;
	uint32_t auxv_size, exe_fd;
};

/* What the kernel passed, or our copy of it. */
struct image {
	long *words; /* argc, argv..., 0, envp..., 0, auxv... */
	long argc;
	char **argv, **envp;
	uint64_t *auxv;
	uint64_t auxv_words; /* AT_NULL included */
	uint64_t arg_start, arg_end, env_start, env_end;
};

struct entry {
	struct hc_thread_block *thread;
	long *image;
};

static uint64_t kernel_stack, kernel_stack_end;

/* Entries that describe the machine, which the program may leave; or the old stack. */
static const uint8_t dropped[] = {
	AT_SYSINFO_EHDR, AT_SYSINFO, AT_HWCAP, AT_HWCAP2, AT_PLATFORM, AT_BASE_PLATFORM, AT_MINSIGSTKSZ, AT_RSEQ_FEATURE_SIZE,
	AT_RSEQ_ALIGN,
};

NATIVE static _Noreturn void fail(const char *what)
{
	size_t length = 0;
	while (what[length]) length++;
	hc_kernel_call(SYS_write, 2, (long)what, (long)length, 0, 0, 0);
	for (;;) hc_kernel_call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
}

NATIVE static int keeps(uint64_t type)
{
	for (size_t i = 0; i < sizeof dropped; i++)
		if (dropped[i] == type) return 0;
	return 1;
}

NATIVE static struct image read_image(long *words)
{
	struct image image = {.words = words, .argc = words[0], .argv = (char **)(words + 1)};
	image.envp = image.argv + image.argc + 1;
	char **p = image.envp;
	while (*p++) {}
	image.auxv = (uint64_t *)p;
	while (image.auxv[image.auxv_words]) image.auxv_words += 2;
	image.auxv_words += 2;
	return image;
}

NATIVE static uint64_t *find(const struct image *image, uint64_t type)
{
	for (uint64_t i = 0; i < image->auxv_words; i += 2)
		if (image->auxv[i] == type) return &image->auxv[i + 1];
	return 0;
}

NATIVE static size_t string_size(const char *s)
{
	size_t n = 0;
	while (s[n]) n++;
	return n + 1;
}

NATIVE static char *copy_string(char *to, const char *from)
{
	size_t n = string_size(from);
	for (size_t i = 0; i < n; i++) to[i] = from[i];
	return to + n;
}

NATIVE static size_t strings_size(char **list)
{
	size_t n = 0;
	while (*list) n += string_size(*list++);
	return n;
}

/* A copy in the system arena, so that the kernel's stack, which lies at the machine's will, can go. */
NATIVE static struct image copy_image(const struct image *from)
{
	long count = from->auxv - (uint64_t *)from->words;
	uint64_t *execfn = find(from, AT_EXECFN);
	uint64_t *random = find(from, AT_RANDOM);
	size_t size = (count + from->auxv_words) * 8 + 16 + strings_size(from->argv) + strings_size(from->envp) +
	              (execfn ? string_size((char *)*execfn) : 0);
	size = ROUND_UP(size, PAGE);
	if (hc_map_at(HC_SYSTEM_ARENA, size, PROT_READ | PROT_WRITE) < 0)
		fail("hc: cannot map the system arena: does this kernel serve addresses below 2^38?\n");

	struct image to = {.words = (long *)HC_SYSTEM_ARENA, .argc = from->argc};
	to.argv = (char **)(to.words + 1);
	to.envp = to.argv + to.argc + 1;
	to.auxv = (uint64_t *)(to.words + count);
	to.words[0] = to.argc;
	for (uint64_t i = 0; i < from->auxv_words; i += 2) {
		if (!keeps(from->auxv[i])) continue;
		to.auxv[to.auxv_words++] = from->auxv[i];
		to.auxv[to.auxv_words++] = from->auxv[i + 1];
	}
	char *place = (char *)(to.auxv + from->auxv_words);
	if (random) {
		const char *bytes = (char *)*random;
		for (int i = 0; i < 16; i++) place[i] = bytes[i];
		*find(&to, AT_RANDOM) = (uint64_t)place;
		place += 16;
	}
	if (execfn) {
		*find(&to, AT_EXECFN) = (uint64_t)place;
		place = copy_string(place, (char *)*execfn);
	}
	to.arg_start = (uint64_t)place;
	for (long i = 0; i < to.argc; i++) {
		to.argv[i] = place;
		place = copy_string(place, from->argv[i]);
	}
	to.arg_end = to.env_start = (uint64_t)place;
	long i = 0;
	for (; from->envp[i]; i++) {
		to.envp[i] = place;
		place = copy_string(place, from->envp[i]);
	}
	to.env_end = (uint64_t)place;
	return to;
}

/* Tells the kernel where arguments, environment and auxv are now, so that /proc/PID/cmdline and CRIU find them. A kernel
 * without CONFIG_CHECKPOINT_RESTORE refuses, which harms nothing but these. */
NATIVE static void tell_kernel(const struct image *image)
{
	struct prctl_mm_map map = {.exe_fd = ~0u};
	uint64_t *headers = find(image, AT_PHDR), *count = find(image, AT_PHNUM);
	if (!headers || !count) return;
	/* fs/binfmt_elf.c, load_elf_binary(): how it derives these from the segments */
	map.start_code = ~0UL;
	const struct hc_elf_segment *segments = (void *)*headers;
	for (uint64_t i = 0; i < *count; i++) {
		const struct hc_elf_segment *s = &segments[i];
		if (s->type != PT_LOAD) continue;
		uint64_t end = s->vaddr + s->filesz;
		if ((s->flags & PF_X) && s->vaddr < map.start_code) map.start_code = s->vaddr;
		if (s->vaddr > map.start_data) map.start_data = s->vaddr;
		if ((s->flags & PF_X) && end > map.end_code) map.end_code = end;
		if (end > map.end_data) map.end_data = end;
	}
	map.start_brk = map.brk = hc_kernel_call(SYS_brk, 0, 0, 0, 0, 0, 0);
	map.start_stack = (uint64_t)image->words;
	map.arg_start = image->arg_start;
	map.arg_end = image->arg_end;
	map.env_start = image->env_start;
	map.env_end = image->env_end;
	map.auxv = (uint64_t)image->auxv;
	map.auxv_size = image->auxv_words * 8;
	hc_kernel_call(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, (long)&map, sizeof map, 0, 0);
}

/* From where we are down to what the kernel may have mapped, up to the end of the last string. */
NATIVE static void note_kernel_stack(const struct image *image)
{
	uint64_t top = (uint64_t)(image->auxv + image->auxv_words);
	for (char **p = image->envp; *p; p++)
		if ((uint64_t)*p + string_size(*p) > top) top = (uint64_t)*p + string_size(*p);
	uint64_t *execfn = find(image, AT_EXECFN);
	if (execfn && *execfn + string_size((char *)*execfn) > top) top = *execfn + string_size((char *)*execfn);
	kernel_stack = ((uint64_t)image->words & ~(PAGE - 1)) - KERNEL_STACK_REACH;
	kernel_stack_end = ROUND_UP(top, PAGE);
}

NATIVE static uint64_t stack_size(void)
{
	uint64_t limit[2] = {0};
	hc_kernel_call(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)limit, 0, 0);
	if (limit[0] == ~0UL) return STACK_UNLIMITED;
	if (limit[0] < STACK_MIN) return STACK_MIN;
	if (limit[0] > STACK_MAX) return STACK_MAX;
	return ROUND_UP(limit[0], PAGE);
}

NATIVE static uint64_t locals_align(void)
{
	return __hc_tls_align < 64 ? 64 : __hc_tls_align;
}

NATIVE uint64_t hc_locals_size(void)
{
	return ROUND_UP(__hc_tls_size, locals_align()) + locals_align() + __hc_pthread_size;
}

/* Thread-locals end at the thread pointer, where musl's struct pthread begins with its own address. */
NATIVE uint64_t hc_set_up_locals(struct hc_thread_block *block)
{
	const uint64_t align = locals_align(), size = ROUND_UP(__hc_tls_size, __hc_tls_align);
	const uint64_t tp = ROUND_UP((uint64_t)(block + 1) + ROUND_UP(__hc_tls_size, align), align);
	char *image = (char *)(tp - size);
	for (uint64_t i = 0; i < size; i++) image[i] = i < __hc_tls_image_size ? __hc_tls_image[i] : 0;
	*(uint64_t *)tp = tp;
	return tp;
}

NATIVE static struct hc_thread_block *first_thread(void)
{
	struct hc_thread_block *block = hc_first_stacks(stack_size(), hc_locals_size());
	if (!block) fail("hc: cannot map the main thread's stacks\n");
	hc_enter_thread(block, hc_set_up_locals(block));
	return block;
}

ENTRY NATIVE struct entry __hc_start(long *kernel_words)
{
	struct image from = read_image(kernel_words);
	struct image to = copy_image(&from);
	uint64_t *vdso = find(&from, AT_SYSINFO_EHDR);
	hc_control.isa = hc_isa();
	hc_control.resume = (uint64_t)hc_resume;
	hc_control.vdso = vdso ? *vdso : 0;
	hc_control.clock_generation = ~0UL;
	struct hc_thread_block *thread = first_thread();
	hc_start_thread_signals(thread);
	hc_start_signals();
	hc_start_trace(to.envp);
	hc_debug_start(to.envp);
	tell_kernel(&to);
	note_kernel_stack(&from);
	hc_control.threads = 1;
	__atomic_store_n(&hc_control.thread_list, (uint64_t)thread, __ATOMIC_RELEASE);
	return (struct entry){thread, to.words};
}

NATIVE void hc_leave_kernel_stack(void)
{
	hc_kernel_call(SYS_munmap, (long)kernel_stack, (long)(kernel_stack_end - kernel_stack), 0, 0, 0, 0);
}
