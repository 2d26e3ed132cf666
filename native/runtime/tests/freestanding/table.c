/* SPDX-License-Identifier: 0BSD
 *
 * Compiled only. CANONICAL: with x86-64's <asm/unistd.h>; else the numbers of <asm-generic/unistd.h>, which are aarch64's.
 */
#ifdef CANONICAL
#include <asm/unistd_64.h>
#define NUMBER(canonical, kernel) canonical
#define ONLY_CANONICAL(number, name) _Static_assert(__NR_##name == number, #name);
#else
#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_RENAMEAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_SYS_CLONE3
#define __ARCH_WANT_MEMFD_SECRET
#include <asm-generic/unistd.h>
#define NUMBER(canonical, kernel) kernel
#define ONLY_CANONICAL(number, name)
#endif

#define SAME(number, name, kernel) _Static_assert(__NR_##name == NUMBER(number, kernel), #name);
#define CONVERT(number, name, kernel, conversion) SAME(number, name, kernel)
#define INSTEAD(number, name, other, conversion, ...) ONLY_CANONICAL(number, name)
#define NONE(number, name) ONLY_CANONICAL(number, name)
#include "../../aarch64/syscall-table.h"
