/* SPDX-License-Identifier: 0BSD
 *
 * The control block that hc-notify and hc-xform find at HC_CONTROL_ADDRESS, and the current thread.
 */
#include "runtime.h"

__attribute__((section(".hc.control"), used, retain, aligned(4096))) struct hc_control hc_control = {
	.magic = HC_CONTROL_MAGIC,
	.version = HC_ABI_VERSION,
};

_Static_assert(HC_CONTROL_ADDRESS + offsetof(struct hc_control, identity) == HC_IDENTITIES_ADDRESS, "identity");
_Static_assert(sizeof hc_control <= PAGE, "one page");

_Thread_local struct hc_thread_block *__hc_self;

#define OFFSET(field, value) _Static_assert(offsetof(struct hc_thread, field) == (value), #field)
OFFSET(data, HC_THREAD_DATA);
OFFSET(sp, HC_THREAD_SP);
OFFSET(pc, HC_THREAD_PC);
OFFSET(native_high, HC_THREAD_NATIVE_HIGH);
OFFSET(data_low, HC_THREAD_DATA_LOW);
OFFSET(tp, HC_THREAD_TP);
OFFSET(resume_sp, HC_THREAD_RESUME_SP);
OFFSET(in_handler, HC_THREAD_IN_HANDLER);
_Static_assert(offsetof(struct hc_thread_block, jumps) == HC_THREAD_JUMPS, "jumps");
_Static_assert(offsetof(struct hc_thread_block, kicked) == HC_THREAD_KICKED, "kicked");
_Static_assert(offsetof(struct hc_control, request) == HC_CONTROL_REQUEST, "request");
_Static_assert(offsetof(struct hc_control, generation) == HC_CONTROL_GENERATION, "generation");
