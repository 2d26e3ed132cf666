/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function per instruction form (forms.S, forms-aarch64.S): it loads registers and flags from here, runs the instruction,
 * and stores them.
 */
#ifndef FORMS_H
#define FORMS_H

#define OFFSET_FLAGS 64
#define OFFSET_VECTORS 80
#define OFFSET_MEMORY 144

/* How results are compared. */
#define EXACT 0
#define SINGLES 1 /* any not-a-number is as good as another */
#define DOUBLES 2
#define X87 3

#ifdef __aarch64__
#define ALL 0xf0000000
#define FIXED_FLAGS 0
#else
#define FIXED_FLAGS 0x202
/* Flags that the instruction leaves undefined are not compared. */
#define ALL 0x8d5
#define NO_AF 0x8c5
#define ONLY_CF 0x801
#define ONLY_CARRY 0x001
#define ONLY_ZF 0x040
#define NONE 0
#define NO_OF_AF 0x0c5
#endif

#ifndef __ASSEMBLER__
#include <stdint.h>

struct registers {
	uint64_t words[8]; /* rax, rcx, rdx, rbx, rsi, r8, r9, r10; x1 to x8 */
	uint64_t flags, status; /* status: aarch64's FPSR.QC */
	uint64_t vectors[4][2];
	uint8_t memory[112];
};

struct form {
	void (*run)(struct registers *);
	const char *name;
	uint64_t flags, compared;
};
extern const struct form forms[], forms_end[];
#endif
#endif
