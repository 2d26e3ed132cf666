// SPDX-License-Identifier: GPL-3.0-or-later

/** Code generation may call these by itself, whatever the program does: struct copies, __builtin_memcmp and the like. */
export const libcallNames = ['memcpy', 'memmove', 'memset', 'memcmp', 'bcmp'] as const;

/** Symbols that hc-codegen or its linker scripts define. */
export const suppliedByCompiler =
  /^(__hc_.*|hc_.*|__(pre)?(init|fini)_array_(start|end)|_?_?(start|end|etext|edata|bss_start|executable_start)|__ehdr_start|__(start|stop)_\w+|setjmp|_setjmp|sigsetjmp|__sigsetjmp)$/;
