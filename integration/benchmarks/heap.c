// SPDX-License-Identifier: GPL-3.0-or-later
// heap MIB: fills that much memory, says so on stderr, and works on it until it is killed: something to move.
#include <stdio.h>
#include <stdlib.h>
#include "random.h"

int main(int argc, char **argv) {
  size_t words = (argc > 1 ? strtoul(argv[1], NULL, 10) : 1) << 17;
  uint64_t *heap = malloc(words * sizeof *heap);
  if (!heap) return 1;
  // Nothing that compresses.
  for (size_t i = 0; i < words; i++) heap[i] = (uint64_t)random_number() << 32 | random_number();
  fputs("ready\n", stderr);
  for (size_t at = 0;; at = (at * 5 + 8191) % words) heap[at] += heap[words - 1 - at];
}
