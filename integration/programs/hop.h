// SPDX-License-Identifier: GPL-3.0-or-later
// One shape for all test programs: set up, hop, check. Each prints the same whether or not it moved.
//
// HOPS=n in the environment: every call of hop() waits until the process has been moved once more (n calls
// at most wait); without it, hop() returns at once, so that the same program gives the reference output.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// struct hc_control of native/runtime/include/hc/abi.h: fixed address, field `generation`.
#define HOP_GENERATION ((volatile unsigned *)0x200014)

static unsigned hops_left(void) {
  static int known = -1;
  if (known < 0) {
    const char *text = getenv("HOPS");
    known = text ? atoi(text) : 0;
  }
  return known;
}

// Waits until the move has happened, by turns computing and asleep, so that the other guest gets its share of the machine; a
// marker on stderr tells the test that it may move us now.
static void hop(void) {
  static unsigned done;
  if (done >= hops_left()) return;
  ++done;
  fprintf(stderr, "ready %u\n", done);
  fflush(stderr);
  for (volatile unsigned long spin = 0; *HOP_GENERATION < done; ++spin)
    if (spin % 200000 == 199999) usleep(20000);
}

static int failures;
#define check(condition)                                                \
  do {                                                                  \
    if (!(condition)) {                                                 \
      ++failures;                                                       \
      printf("%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
    }                                                                   \
  } while (0)

static int finish(const char *name) {
  printf("%s: %s\n", name, failures ? "FAILED" : "ok");
  return failures != 0;
}
