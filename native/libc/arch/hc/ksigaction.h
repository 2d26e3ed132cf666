/* SPDX-License-Identifier: GPL-3.0-or-later
 * The canonical rt_sigaction argument (x86-64 Linux's struct kernel_sigaction). Only the runtime talks to the kernel
 * about handlers, and it supplies the restorer.
 */
#include <features.h>

struct k_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned mask[2];
};

#define __restore ((void (*)(void))0)
#define __restore_rt ((void (*)(void))0)
