// SPDX-License-Identifier: GPL-3.0-or-later
// N queens: recursion inside a loop, with several values live across the call.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static long place(unsigned all, unsigned columns, unsigned left, unsigned right) {
  long found = 0;
  if (columns == all) return 1;
  for (unsigned open = all & ~(columns | left | right); open != 0; open &= open - 1) {
    unsigned square = open & -open;
    found += place(all, columns | square, (left | square) << 1, (right | square) >> 1);
  }
  return found;
}

int main(int argc, char **argv) {
  int size = argc > 1 ? atoi(argv[1]) : 15;
  printf("%ld\n", place((1u << size) - 1, 0, 0, 0));
  return 0;
}
