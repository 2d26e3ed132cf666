// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes by which memory orders are told apart, one thread's part each: x86-64 code has no fences here but where it says so.
#include <pthread.h>
#include <stdint.h>

long x, y;
__attribute__((aligned(16))) unsigned __int128 pair;

#define STORE(variable, value) __atomic_store_n(&variable, value, __ATOMIC_RELEASE)
#define LOAD(variable) __atomic_load_n(&variable, __ATOMIC_ACQUIRE)

// Message passing.
static long writes_both(long value) {
  STORE(x, value);
  STORE(y, value);
  return 0;
}
// Also each reader of IRIW.
static long reads_both(long unused) {
  long first = LOAD(y);
  return first - LOAD(x);
}
// Load buffering.
static long reads_then_writes(long value) {
  long seen = LOAD(x);
  STORE(y, value);
  return seen;
}
// Store buffering: the load may come first, unless there is a fence, or the store is an exchange.
static long writes_then_reads(long value) {
  STORE(x, value);
  return LOAD(y);
}
static long writes_fence_reads(long value) {
  STORE(x, value);
  __asm__ volatile("mfence" : : : "memory");
  return LOAD(y);
}
static long exchanges_then_reads(long value) {
  __atomic_exchange_n(&x, value, __ATOMIC_SEQ_CST);
  return LOAD(y);
}
static long adds_then_reads(long value) {
  __atomic_fetch_add(&x, value, __ATOMIC_SEQ_CST);
  return LOAD(y);
}
static long exchanges_two(long value) {
  unsigned char same;
  long low = 0, high = 0;
  __asm__ volatile("lock cmpxchg16b %0" : "+m"(pair), "=@ccz"(same), "+a"(low), "+d"(high) : "b"(value), "c"(value));
  return same ? 0 : low;
}
// Its own stack, which nobody else knows.
static long uses_stack(long value) {
  volatile long kept[3];
  kept[0] = value;
  kept[1] = kept[0] + 1;
  kept[2] = kept[1] + kept[0];
  return kept[2];
}
// What others know of its stack is memory like any other.
static long shares_stack(long value) {
  volatile long shared = value;
  STORE(x, (long)&shared);
  while (!shared) {}
  return LOAD(y);
}

static long (*volatile const shapes[])(long) = {
    writes_both,  reads_both,    reads_then_writes, writes_then_reads, writes_fence_reads, exchanges_then_reads, adds_then_reads,
    exchanges_two, uses_stack, shares_stack,
};

static void *run(void *argument) {
  long sum = 0;
  for (int i = 0; i < (int)(sizeof shapes / sizeof *shapes); i++) sum += shapes[i](i + 1);
  return (void *)sum;
}

int main(void) {
  pthread_t thread;
  void *result;
  pthread_create(&thread, 0, run, 0);
  pthread_join(thread, &result);
  return (int)(intptr_t)result & 127;
}
