// SPDX-License-Identifier: GPL-3.0-or-later
// Node-API face of transform.h. libs/transform/src/native.ts declares the same functions for TypeScript.
//
// Only node's own symbols and libc's malloc and free are used, so that one compiler builds this for both ISAs without
// headers or libraries of either.
#define NAPI_VERSION 8
#include <node_api.h>

#include "hc/transform.h"

namespace {

struct Tables {
  void *file;
  uint32_t *by_id[2];
  hcx_table table[2]; // 0: x86-64, 1: aarch64
};

void free_tables(Tables *tables) {
  __builtin_free(tables->file);
  __builtin_free(tables->by_id[0]);
  __builtin_free(tables->by_id[1]);
  __builtin_free(tables);
}

void finalize_tables(napi_env, void *data, void *) { free_tables(static_cast<Tables *>(data)); }

// The first argument error is thrown; later calls on the same Call do nothing.
struct Call {
  napi_env env;
  napi_value arguments[6];
  bool ok = true;

  Call(napi_env e, napi_callback_info info, size_t expected) : env(e) {
    size_t count = 6;
    ok = napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) == napi_ok && count == expected;
    if (!ok) napi_throw_type_error(env, nullptr, "wrong number of arguments");
  }
  void check(bool good, const char *what) {
    if (!ok || good) return;
    ok = false;
    napi_throw_type_error(env, nullptr, what);
  }
  // Any byte view will do; Buffers are Uint8Arrays.
  uint8_t *bytes(int i, size_t *length) {
    void *data = nullptr;
    napi_typedarray_type type = napi_int8_array;
    if (ok) check(napi_get_typedarray_info(env, arguments[i], &type, length, &data, nullptr, nullptr) == napi_ok &&
                      type == napi_uint8_array, "expected a Uint8Array");
    return static_cast<uint8_t *>(data);
  }
  uint32_t *words(int i, size_t *length) {
    void *data = nullptr;
    napi_typedarray_type type = napi_int8_array;
    if (ok) check(napi_get_typedarray_info(env, arguments[i], &type, length, &data, nullptr, nullptr) == napi_ok &&
                      type == napi_uint32_array, "expected a Uint32Array");
    return static_cast<uint32_t *>(data);
  }
  uint64_t address(int i) {
    uint64_t value = 0;
    bool lossless = false;
    if (ok) check(napi_get_value_bigint_uint64(env, arguments[i], &value, &lossless) == napi_ok && lossless,
                  "expected an unsigned 64-bit bigint");
    return value;
  }
  const hcx_table *table(int handle, int isa) {
    void *data = nullptr;
    uint32_t machine = 0;
    if (ok) check(napi_get_value_external(env, arguments[handle], &data) == napi_ok, "expected tables");
    if (ok) check(napi_get_value_uint32(env, arguments[isa], &machine) == napi_ok &&
                      (machine == HC_ISA_X86_64 || machine == HC_ISA_AARCH64), "expected an ISA");
    return ok ? &static_cast<Tables *>(data)->table[machine == HC_ISA_AARCH64] : nullptr;
  }
};

struct Result {
  napi_env env;
  napi_value object = nullptr;

  Result(napi_env e, hcx_code code, const hcx_fault &fault) : env(e) {
    napi_create_object(env, &object);
    napi_value value;
    napi_create_uint32(env, code, &value);
    set("code", value);
    if (code == HCX_OK) return;
    set("address", fault.address);
    set("value", fault.value);
  }
  void set(const char *name, napi_value value) { napi_set_named_property(env, object, name, value); }
  void set(const char *name, uint64_t number) {
    napi_value value;
    napi_create_bigint_uint64(env, number, &value);
    set(name, value);
  }
};

// open(sites.bin) -> {code, tables}
napi_value open(napi_env env, napi_callback_info info) {
  Call call(env, info, 1);
  size_t length = 0;
  const uint8_t *bytes = call.bytes(0, &length);
  if (!call.ok) return nullptr;
  auto *tables = static_cast<Tables *>(__builtin_calloc(1, sizeof(Tables)));
  if (tables) tables->file = __builtin_malloc(length + 1); // own copy: aligned, and nobody can change it under us
  if (!tables || !tables->file) {
    if (tables) free_tables(tables);
    napi_throw_error(env, "ENOMEM", "out of memory");
    return nullptr;
  }
  __builtin_memcpy(tables->file, bytes, length);
  hcx_fault fault = {0, 0};
  hcx_code code = hcx_split(tables->file, length, &tables->table[0], &tables->table[1], &fault);
  for (int i = 0; i < 2 && code == HCX_OK; i++) {
    code = hcx_check(&tables->table[i], &fault);
    if (code != HCX_OK) break;
    tables->by_id[i] = static_cast<uint32_t *>(__builtin_calloc(tables->table[i].ids, sizeof(uint32_t)));
    if (!tables->by_id[i]) {
      free_tables(tables);
      napi_throw_error(env, "ENOMEM", "out of memory");
      return nullptr;
    }
    hcx_index(&tables->table[i], tables->by_id[i]);
  }
  if (code == HCX_OK) code = hcx_compare(&tables->table[0], &tables->table[1], &fault);
  Result result(env, code, fault);
  if (code != HCX_OK) {
    free_tables(tables);
    return result.object;
  }
  napi_value handle;
  napi_create_external(env, tables, finalize_tables, nullptr, &handle);
  result.set("tables", handle);
  return result.object;
}

// walk(tables, isa, stack, sp, pc) -> {code, ids}; the stack's bytes begin at sp and end at native_high
napi_value walk(napi_env env, napi_callback_info info) {
  Call call(env, info, 5);
  const hcx_table *table = call.table(0, 1);
  size_t length = 0, depth = 0;
  const uint8_t *stack = call.bytes(2, &length);
  const uint64_t sp = call.address(3), pc = call.address(4);
  call.check(sp + length >= sp, "stack wraps around the address space");
  if (!call.ok) return nullptr;
  hcx_fault fault = {0, 0};
  // Twice: to count, then to fill. The stack is in cache by then, and nothing is allocated for a broken one.
  hcx_code code = hcx_walk(table, stack, sp, pc, sp + length, nullptr, 0, &depth, &fault);
  Result result(env, code, fault);
  if (code != HCX_OK) return result.object;
  napi_value buffer, ids;
  void *data = nullptr;
  if (napi_create_arraybuffer(env, depth * sizeof(uint32_t), &data, &buffer) != napi_ok) return nullptr;
  hcx_walk(table, stack, sp, pc, sp + length, static_cast<uint32_t *>(data), depth, &depth, &fault);
  napi_create_typedarray(env, napi_uint32_array, depth, buffer, 0, &ids);
  result.set("ids", ids);
  return result.object;
}

// rebuild(tables, isa, ids, high, low, alignment) -> {code, stack, sp, pc}; [low, high) is all the room there is
napi_value rebuild(napi_env env, napi_callback_info info) {
  Call call(env, info, 6);
  const hcx_table *table = call.table(0, 1);
  size_t depth = 0;
  const uint32_t *ids = call.words(2, &depth);
  const uint64_t high = call.address(3), low = call.address(4), alignment = call.address(5);
  call.check(low <= high && alignment > 0, "stack bounds");
  if (!call.ok) return nullptr;
  hcx_fault fault = {0, 0};
  uint64_t bytes = 0, sp = 0, pc = 0;
  hcx_code code = hcx_measure(table, ids, depth, &bytes, &fault);
  if (code == HCX_OK && bytes > high - low) {
    fault = {low, bytes};
    code = HCX_NO_ROOM;
  }
  napi_value buffer, stack;
  if (code == HCX_OK) {
    void *data = nullptr;
    if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok) return nullptr;
    code = hcx_rebuild(table, ids, depth, high, alignment, static_cast<uint8_t *>(data), bytes, &sp, &pc, &fault);
  }
  Result result(env, code, fault);
  if (code != HCX_OK) return result.object;
  napi_create_typedarray(env, napi_uint8_array, bytes, buffer, 0, &stack);
  result.set("stack", stack);
  result.set("sp", sp);
  result.set("pc", pc);
  return result.object;
}

} // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"open", nullptr, open, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"walk", nullptr, walk, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"rebuild", nullptr, rebuild, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
