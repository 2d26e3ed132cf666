/* SPDX-License-Identifier: 0BSD
 *
 * Floating-point environment in canonical form, one word: x86-64's constants of <fenv.h>, exceptions in bits 0-5 and rounding in
 * bits 10-11. hc_fp_get and hc_fp_set carry it over a move; the rest of musl's <fenv.h> is built on these functions.
 *
 * There is no x87 state: long double is binary128 (quad.h).
 */
#define ALL_EXCEPTIONS 0x3fu
#define ROUNDING 0xc00u

#ifdef __x86_64__

/* MXCSR: exceptions in the same place, rounding in bits 13-14. The masks between them stay set. */
unsigned hc_fp_get(void) {
  unsigned mxcsr = __builtin_ia32_stmxcsr();
  return (mxcsr & ALL_EXCEPTIONS) | (mxcsr >> 3 & ROUNDING);
}

void hc_fp_set(unsigned state) {
  unsigned mxcsr = __builtin_ia32_stmxcsr() & ~(ALL_EXCEPTIONS | ROUNDING << 3);
  __builtin_ia32_ldmxcsr(mxcsr | (state & ALL_EXCEPTIONS) | (state & ROUNDING) << 3);
}

#else

/* FPSR: IOC 0, DZC 1, OFC 2, UFC 3, IXC 4, IDC 7; x86-64 has a denormal operand in bit 1, before DZC.
 * FPCR: rounding in bits 22-23, with up and down the other way round. (Arm ARM, C5.2.) */
static unsigned exchange_bits(unsigned two) { return (two >> 1 & 1) | (two & 1) << 1; }

unsigned hc_fp_get(void) {
  unsigned long status, control;
  __asm__ volatile("mrs %0, fpsr\n\tmrs %1, fpcr" : "=r"(status), "=r"(control));
  return (status & 1) | (status >> 7 & 1) << 1 | (status >> 1 & 15) << 2 | exchange_bits(control >> 22 & 3) << 10;
}

void hc_fp_set(unsigned state) {
  unsigned long status, control;
  __asm__ volatile("mrs %0, fpsr\n\tmrs %1, fpcr" : "=r"(status), "=r"(control));
  status = (status & ~0x9ful) | (state & 1) | (state >> 1 & 1) << 7 | (state >> 2 & 15) << 1;
  control = (control & ~(3ul << 22)) | (unsigned long)exchange_bits(state >> 10 & 3) << 22;
  __asm__ volatile("msr fpsr, %0\n\tmsr fpcr, %1" : : "r"(status), "r"(control));
}

#endif

/* 32 bytes, as x86-64's. */
typedef struct {
  unsigned state;
  unsigned unused[7];
} fenv_t;

#define DEFAULT_ENVIRONMENT ((const fenv_t *)-1)

int feclearexcept(int exceptions) {
  hc_fp_set(hc_fp_get() & ~(exceptions & ALL_EXCEPTIONS));
  return 0;
}

int feraiseexcept(int exceptions) {
  hc_fp_set(hc_fp_get() | (exceptions & ALL_EXCEPTIONS));
  return 0;
}

int fetestexcept(int exceptions) { return hc_fp_get() & exceptions & ALL_EXCEPTIONS; }

int fegetround(void) { return hc_fp_get() & ROUNDING; }

/* musl's fesetround has checked the argument. */
int __fesetround(int rounding) {
  hc_fp_set((hc_fp_get() & ~ROUNDING) | (rounding & ROUNDING));
  return 0;
}

int fegetenv(fenv_t *environment) {
  *environment = (fenv_t){.state = hc_fp_get()};
  return 0;
}

int fesetenv(const fenv_t *environment) {
  hc_fp_set(environment == DEFAULT_ENVIRONMENT ? 0 : environment->state);
  return 0;
}
