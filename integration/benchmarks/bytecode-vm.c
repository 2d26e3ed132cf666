// SPDX-License-Identifier: GPL-3.0-or-later
// An interpreter: one large loop around a switch, as most language runtimes have.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ADD, ADD_CONSTANT, MUL_CONSTANT, SUB, XOR, MOVE, JUMP_IF_LESS, HALT };

struct instruction {
  uint8_t operation, to, a, b;
  int32_t constant;
};

// do { t = (a * 3 + b) ^ i; a = b; b = t - i; i = i + 1; } while (i < n)
enum { A, B, I, T, N };
static const struct instruction program[] = {
    {MUL_CONSTANT, T, A, 0, 3}, {ADD, T, T, B, 0},  {XOR, T, T, I, 0},           {MOVE, A, B, 0, 0},
    {SUB, B, T, I, 0},          {ADD_CONSTANT, I, I, 0, 1}, {JUMP_IF_LESS, 0, I, N, 0}, {HALT, 0, 0, 0, 0},
};

__attribute__((noinline)) static uint64_t run(const struct instruction *code, uint64_t *variables) {
  uint64_t steps = 0;
  for (const struct instruction *at = code;; at++, steps++) {
    uint64_t a = variables[at->a], b = variables[at->b], *to = &variables[at->to];
    switch (at->operation) {
      case ADD: *to = a + b; break;
      case ADD_CONSTANT: *to = a + (uint64_t)at->constant; break;
      case MUL_CONSTANT: *to = a * (uint64_t)at->constant; break;
      case SUB: *to = a - b; break;
      case XOR: *to = a ^ b; break;
      case MOVE: *to = a; break;
      case JUMP_IF_LESS: if (a < b) at = code + at->constant - 1; break;
      case HALT: return steps;
      default: abort();
    }
  }
}

int main(int argc, char **argv) {
  uint64_t variables[8] = {0};
  variables[N] = argc > 1 ? strtoull(argv[1], NULL, 10) : 48000000;
  uint64_t steps = run(program, variables);
  printf("%llu %llu\n", (unsigned long long)steps, (unsigned long long)variables[B]);
  return 0;
}
