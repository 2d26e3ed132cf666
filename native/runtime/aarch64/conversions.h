/* SPDX-License-Identifier: 0BSD
 *
 * Conversions of flags and structs, one for each group of calls that differ in the same way.
 *
 * `in` runs when kernel_args are filled in: it exchanges what has to be converted, and returns 0 or the call's result
 * (-errno, or for an emulated call what it gives, if not 0). `out` gets the kernel's result and returns the canonical one.
 */
#ifndef HC_AARCH64_CONVERSIONS_H
#define HC_AARCH64_CONVERSIONS_H

#include "syscalls.h"

/*  CONVERSION(name, in, out) */
#define CONVERSIONS \
  CONVERSION(nothing, 0, 0) \
  CONVERSION(open_flags, open_flags_in, 0) \
  CONVERSION(flags_1, flags_1_in, 0) \
  CONVERSION(open_how, open_how_in, 0) \
  CONVERSION(fcntl, fcntl_in, fcntl_out) \
  CONVERSION(dup2, dup2_in, dup2_out) \
  CONVERSION(fstat, fstat_in, stat_out) \
  CONVERSION(fstatat, fstatat_in, stat_out) \
  CONVERSION(getdents, 0, getdents_out) \
  CONVERSION(utime, utime_in, 0) \
  CONVERSION(utimes, utimes_in, 0) \
  CONVERSION(poll, poll_in, 0) \
  CONVERSION(select, select_in, select_out) \
  CONVERSION(epoll_create, epoll_create_in, 0) \
  CONVERSION(epoll_ctl, epoll_ctl_in, 0) \
  CONVERSION(epoll_wait, epoll_wait_in, epoll_wait_out) \
  CONVERSION(alarm, alarm_in, alarm_out) \
  CONVERSION(time, time_in, time_out) \
  CONVERSION(clone, clone_in, 0) \
  CONVERSION(mmap, mmap_in, 0) \
  CONVERSION(prctl, prctl_in, 0) \
  CONVERSION(semctl, 0, semctl_out)

#define CONVERSION(name, in, out) CONVERT_##name,
enum { CONVERSIONS };
#undef CONVERSION

struct hc_conversion {
  long (*in)(struct hc_call *);
  long (*out)(struct hc_call *, long);
};

extern const struct hc_conversion hc_conversions[];

#endif
