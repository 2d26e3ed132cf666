/* SPDX-License-Identifier: GPL-3.0-or-later
 * The thread pointer is the address of struct pthread on both ISAs; thread-locals lie below it (no TLS_ABOVE_TP).
 */
static inline uintptr_t __get_tp(void)
{
	return (uintptr_t)__builtin_thread_pointer();
}

/* Field of the canonical mcontext_t that holds the program counter. */
#define MC_PC gregs[REG_RIP]
