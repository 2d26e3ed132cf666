// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Macros that name the ISA or its extensions. Programs test them to choose assembly or intrinsics; without them they
 * take their portable paths. What describes the data model (__LP64__, byte order, sizes) stays.
 */
export const hiddenMacros = [
  '__x86_64__',
  '__x86_64',
  '__amd64__',
  '__amd64',
  '__k8',
  '__k8__',
  '__tune_k8__',
  '__MMX__',
  '__SSE__',
  '__SSE2__',
  '__SSE_MATH__',
  '__SSE2_MATH__',
  '__FXSR__',
  '__SEG_FS',
  '__SEG_GS',
  '__seg_fs',
  '__seg_gs',
  '__GCC_ASM_FLAG_OUTPUTS__',
  '__code_model_small__',
] as const;

/**
 * No unwind tables: the native stack of a portable function cannot be unwound by them, and nothing reads them.
 */
export const unwindFlags = ['-fno-unwind-tables', '-fno-asynchronous-unwind-tables'] as const;

/**
 * Every C file of a program, libc and common runtime included, is compiled with these. The target is the canonical
 * ABI; the rest keeps out what only one ISA has (x87, contraction to fused multiply-add) or what whole-program code
 * generation does itself (stack protector, branch protection, position independence).
 */
export const portableFlags: readonly string[] = [
  '--target=x86_64-linux-musl',
  '-flto=full',
  // IEEE binary128: aarch64's long double, which x86-64 can have as well.
  '-mlong-double-128',
  // 16-byte atomics are inline, on both ISAs (hc-codegen).
  '-mcx16',
  '-ffp-contract=off',
  '-fno-pic',
  '-fno-pie',
  '-fno-stack-protector',
  '-fcf-protection=none',
  ...unwindFlags,
  ...hiddenMacros.map((macro) => `-U${macro}`),
];
