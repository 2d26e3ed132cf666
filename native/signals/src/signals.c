/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What Node does not offer of the system calls, as a Node-API addon:
 *
 * tgkill(pid, tid, signal) -> 0 or -errno. kill(2) reaches any one thread of a process; this one reaches a given thread.
 *
 * unread(pid, fd) -> bytes that can be read from another process's descriptor (FIONREAD, ioctl_list(2)), or -errno.
 *
 * Uses no C library, so that one compiler builds it for both ISAs without a sysroot.
 */
#include <node_api.h>
#include <stdint.h>

#if defined(__x86_64__)
enum { SYS_close = 3, SYS_ioctl = 16, SYS_tgkill = 234 };
static long syscall3(long n, long a, long b, long c)
{
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { SYS_ioctl = 29, SYS_close = 57, SYS_tgkill = 131 };
static long syscall3(long n, long a, long b, long c)
{
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
#else
#error "x86-64 and aarch64 only"
#endif

/* The same on all ISAs. */
enum { SYS_pidfd_open = 434, SYS_pidfd_getfd = 438, FIONREAD = 0x541b };

/* Reads exactly `count` 32-bit integer arguments; throws a TypeError otherwise. */
static int integers(napi_env env, napi_callback_info info, size_t count, int32_t *values)
{
  napi_value arguments[3];
  size_t given = 3;
  if (napi_get_cb_info(env, info, &given, arguments, 0, 0) != napi_ok)
    return 0;
  for (size_t i = 0; i < count; i++)
    if (i >= given || napi_get_value_int32(env, arguments[i], &values[i]) != napi_ok) {
      napi_throw_type_error(env, 0, "integer arguments expected");
      return 0;
    }
  return 1;
}

static napi_value tgkill(napi_env env, napi_callback_info info)
{
  int32_t values[3];
  napi_value result = 0;
  if (integers(env, info, 3, values))
    napi_create_int32(env, (int32_t)syscall3(SYS_tgkill, values[0], values[1], values[2]), &result);
  return result;
}

static long bytes_unread(long pid, long fd)
{
  int count = 0;
  long process = syscall3(SYS_pidfd_open, pid, 0, 0);
  if (process < 0)
    return process;
  long copy = syscall3(SYS_pidfd_getfd, process, fd, 0);
  syscall3(SYS_close, process, 0, 0);
  if (copy < 0)
    return copy;
  long failure = syscall3(SYS_ioctl, copy, FIONREAD, (long)&count);
  syscall3(SYS_close, copy, 0, 0);
  return failure < 0 ? failure : count;
}

static napi_value unread(napi_env env, napi_callback_info info)
{
  int32_t values[2];
  napi_value result = 0;
  if (integers(env, info, 2, values))
    napi_create_int32(env, (int32_t)bytes_unread(values[0], values[1]), &result);
  return result;
}

NAPI_MODULE_INIT()
{
  static const napi_property_descriptor functions[] = {
    {"tgkill", 0, tgkill, 0, 0, 0, napi_enumerable, 0},
    {"unread", 0, unread, 0, 0, 0, napi_enumerable, 0},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
