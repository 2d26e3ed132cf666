/* SPDX-License-Identifier: 0BSD
 *
 * New processes, and the thread pointer.
 */
#include "runtime.h"

/* Children are copies always: CLONE_VM would have two processes on one control block. A request to park is copied too:
 * hc-notify finds the child in the process tree. */
NATIVE long hc_clone_process(long flags, long parent_tid, long child_tid)
{
	flags &= ~(long)(CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_SIGHAND);
	long result = hc_kernel_call(SYS_clone, flags, 0, parent_tid, child_tid, 0, 0);
	if (result) return result;
	hc_forget_other_threads();
	hc_forget_itimers();
	return 0;
}

NATIVE long hc_fork(void)
{
	return hc_clone_process(SIGCHLD, 0, 0);
}

NATIVE long hc_arch_prctl(long code, long address)
{
	switch (code) {
	case ARCH_SET_FS: hc_enter_thread(__hc_self, (uint64_t)address); return 0;
	case ARCH_GET_FS: *(uint64_t *)address = __hc_self->public.tp; return 0;
	default: return -EINVAL;
	}
}
