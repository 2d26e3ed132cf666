/* SPDX-License-Identifier: 0BSD */
#include "../common/runtime.h"
#include "syscalls.h"

long hc_raw_interruptible(long n, const long arguments[6]);

/* Out: a restarted call has not happened, so that there is nothing to convert. */
long hc_interruptible(long n, const long arguments[6])
{
	struct hc_call call = {.number = n};
	for (int i = 0; i < 6; i++) call.args[i] = arguments[i];
	if (hc_translate_in(&call)) return call.result;
	long result = hc_raw_interruptible(call.kernel_number, call.kernel_args);
	return result == HC_RESTART ? result : hc_translate_out(&call, result);
}
