/* SPDX-License-Identifier: 0BSD
 *
 * Complex arithmetic of long double. Portable code, as the result is returned in memory by the canonical ABI and in registers
 * by aarch64's.
 */
#include "../builtins/complex.h"

COMPLEX(long double, tc3, tf2, unsigned __int128, 112, 16383, __builtin_copysignl, __builtin_infl(), __builtin_fabsl)
