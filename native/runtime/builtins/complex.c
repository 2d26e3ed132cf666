/* SPDX-License-Identifier: 0BSD
 *
 * Complex arithmetic of double and float, which both ISAs return in registers; common/complex.c has long double's.
 */
#include "complex.h"
#include "quad.h"

COMPLEX(double, dc3, df2, unsigned long, 52, 1023, __builtin_copysign, __builtin_inf(), __builtin_fabs)
COMPLEX(float, sc3, sf2, unsigned, 23, 127, __builtin_copysignf, __builtin_inff(), __builtin_fabsf)
POWER(double, df2)
POWER(float, sf2)
POWER(quad, tf2)
