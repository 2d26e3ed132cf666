// SPDX-License-Identifier: GPL-3.0-or-later
// Two contexts (makecontext) that take turns while the process moves.
#include "../programs/hop.h"
#include <ucontext.h>

enum { ROUNDS = 5 };

static ucontext_t home, contexts[2];

static void turns(int own, int step) {
  double value = own + 0.5;
  for (int i = 0; i < ROUNDS; i++) {
    value = value * 1.5 + i * step;
    if (i == 2) hop();
    printf("context %d, turn %d: %g\n", own, i, value);
    check(!swapcontext(&contexts[own], &contexts[!own]));
  }
}

int main(void) {
  for (int i = 0; i < 2; i++) {
    check(!getcontext(&contexts[i]));
    contexts[i].uc_stack.ss_size = 65536;
    contexts[i].uc_stack.ss_sp = malloc(contexts[i].uc_stack.ss_size);
    contexts[i].uc_link = &home;
    makecontext(&contexts[i], (void (*)(void))turns, 2, i, i + 1);
  }
  check(!swapcontext(&home, &contexts[0]));
  hop();
  return finish("contexts");
}
