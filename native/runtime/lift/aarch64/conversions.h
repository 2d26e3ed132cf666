/* SPDX-License-Identifier: 0BSD
 *
 * Flags and structs of an aarch64 guest's system calls, where they differ from the canonical ones: by the conversions that
 * native/runtime/aarch64 has for the other direction.
 */
#ifndef HC_LIFT_CONVERSIONS_H
#define HC_LIFT_CONVERSIONS_H

#include <stdint.h>

#include "../../aarch64/conversions.h"

enum { GUEST_SYS_uname = 160, GUEST_SYS_clone = 220 };
enum { UNAME_FIELD = 65 };

struct guest_call {
	uint64_t number;
	long arguments[6]; /* the guest's */
	long canonical[6]; /* what the canonical call gets */
	uint64_t scratch[20];
};

/* `in` runs when the canonical arguments are a copy of the guest's; `out` gets the result, and returns what the guest gets. */
struct guest_conversion {
	void (*in)(struct guest_call *);
	long (*out)(struct guest_call *, long);
};

extern const struct guest_conversion guest_conversions[];

#endif
