/* SPDX-License-Identifier: GPL-3.0-or-later
 * musl's scanner once more for float and double, compiled with a long double that is double (changes.json): its arithmetic is then
 * that of instructions. Its own long double is binary128, which has none.
 */
#include <math.h>
#include "floatscan.h"

#define fmodl fmod
#define fabsl fabs
#define scalbnl scalbn
#define copysignl copysign
#define __floatscan __floatscan_double
#include "floatscan.c"
