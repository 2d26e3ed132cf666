/* SPDX-License-Identifier: 0BSD
 *
 * HC_TRACE_ENOSYS in the environment: says once for each system call that it is refused, as it has no translation for the
 * kernel the program runs on, or can't be moved.
 */
#include "runtime.h"

#define LAST_NUMBER 511

static int wanted;
static unsigned char told[LAST_NUMBER + 1];

NATIVE void hc_start_trace(char **envp)
{
	static const char name[] = "HC_TRACE_ENOSYS=";
	for (; *envp; envp++) {
		size_t i = 0;
		while (i < sizeof name - 1 && (*envp)[i] == name[i]) i++;
		if (i == sizeof name - 1 && (*envp)[i]) wanted = 1;
	}
}

ENTRY NATIVE void hc_trace_enosys(long number)
{
	static const char before[] = "hc: system call ", after[] = " can't be carried: ENOSYS\n";
	char line[64];
	int length = 0, unit = 100;
	if (!wanted || number < 0 || number > LAST_NUMBER || told[number]) return;
	told[number] = 1;
	for (const char *c = before; *c; c++) line[length++] = *c;
	while (unit > 1 && number < unit) unit /= 10;
	for (; unit; unit /= 10) line[length++] = '0' + number / unit % 10;
	for (const char *c = after; *c; c++) line[length++] = *c;
	hc_kernel_call(SYS_write, 2, (long)line, length, 0, 0, 0);
}
