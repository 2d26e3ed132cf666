// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000 frames, with state in each.
#include "hop.h"

static unsigned long down(unsigned depth, unsigned long sum) {
  unsigned long mine = sum * 31 + depth;
  char text[16];
  snprintf(text, sizeof text, "%u", depth);
  if (depth == 10000) {
    hop();
    hop();
    return mine;
  }
  unsigned long below = down(depth + 1, mine);
  check(atoi(text) == (int)depth);
  return below ^ mine;
}

int main(void) {
  printf("%lx\n", down(0, 1));
  return finish("deep-recursion");
}
