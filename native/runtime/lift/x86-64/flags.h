/* SPDX-License-Identifier: 0BSD
 *
 * The flags of x86 as lifted code keeps them: by the operation that set them last, and its operands. The numbers are
 * those that libVEX gives the operations.
 */
#ifndef HC_LIFT_FLAGS_H
#define HC_LIFT_FLAGS_H

#include <stdint.h>

/* Bits of RFLAGS: Intel SDM volume 1, 3.4.3. */
#define FLAG_CARRY 0x001UL
#define FLAG_PARITY 0x004UL
#define FLAG_ADJUST 0x010UL
#define FLAG_ZERO 0x040UL
#define FLAG_SIGN 0x080UL
#define FLAG_OVERFLOW 0x800UL

/* Each but the first stands for four numbers, for 8, 16, 32 and 64 bits: 1 + 4 * kind + log2(bytes). */
enum flags_kind {
	FLAGS_ADD,   /* first + second */
	FLAGS_SUB,   /* first - second */
	FLAGS_ADC,   /* first + (second ^ carry) + carry, third: the carry before */
	FLAGS_SBB,   /* first - (second ^ carry) - carry, the same */
	FLAGS_LOGIC, /* first: the result */
	FLAGS_INC,   /* first: the result; third: the carry before */
	FLAGS_DEC,
	FLAGS_SHL,   /* first: the result; second: shifted by one less */
	FLAGS_SHR,   /* logical and arithmetic, the same */
	FLAGS_ROL,   /* first: the result; third: the flags before */
	FLAGS_ROR,
	FLAGS_UMUL,  /* first * second */
	FLAGS_SMUL,
};

/* From here on two numbers each, for 32 and 64 bits. */
enum {
	FLAGS_COPY = 0,    /* first: the flags themselves */
	FLAGS_ANDN = 53,   /* first: the result; second: the source */
	FLAGS_BLSI = 55,
	FLAGS_BLSMSK = 57,
	FLAGS_BLSR = 59,
	FLAGS_ADCX = 61,   /* like ADC, but third: all flags before */
	FLAGS_ADOX = 63,
};

#endif
