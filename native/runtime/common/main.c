/* SPDX-License-Identifier: 0BSD
 *
 * Starts a C program. Lifted programs bring an __hc_main of their own (lift/start.c); then this file is not linked.
 */
#include "runtime.h"

int main(int argc, char **argv, char **envp);
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*loader)(void));
void _init(void) {}
void _fini(void) {}

ENTRY PORTABLE long __hc_main(long *image)
{
	hc_leave_kernel_stack();
	return __libc_start_main(main, (int)image[0], (char **)(image + 1), _init, _fini, 0);
}
