/* SPDX-License-Identifier: GPL-3.0-or-later
 * Each type by the scanner whose arithmetic is wide enough for it.
 */
#include <stdlib.h>
#include "floatscan.h"
#include "shgetc.h"
#include "stdio_impl.h"

double __floatscan_double(FILE *, int precision, int pushback);

#define READ(name, type, scanner, precision) \
type name(const char *restrict text, char **restrict end) \
{ \
	FILE file; \
	sh_fromstring(&file, text); \
	shlim(&file, 0); \
	type value = scanner(&file, precision, 1); \
	if (end) *end = (char *)text + shcnt(&file); \
	return value; \
}

READ(strtof, float, __floatscan_double, 0)
READ(strtod, double, __floatscan_double, 1)
READ(strtold, long double, __floatscan, 2)
