/* SPDX-License-Identifier: 0BSD
 *
 * What a debug runtime hooks in here: nothing.
 */
#include "../common/runtime.h"

void hc_debug_start(char **envp)
{
	(void)envp;
}

void hc_debug_exit(void) {}
