// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of stack variables kept in globals, in the heap and in other stack variables stay good.
#include "hop.h"

struct node {
  int value;
  struct node *next, **owner;
};
static struct node *head;
static int **heap_slot;

static void nest(int depth, struct node *previous) {
  struct node own = {depth, previous, &own.next};
  int local = depth * 3;
  int *saved = *heap_slot;
  *heap_slot = &local;
  head = &own;
  if (depth < 50) nest(depth + 1, &own);
  else {
    hop();
    int expected = 50;
    for (struct node *at = head; at; at = at->next, --expected) {
      check(at->value == expected);
      check(at->owner == &at->next);
    }
    check(expected == -1);
    hop();
  }
  check(own.value == depth && own.owner == &own.next);
  check(*heap_slot == &local && local == depth * 3);
  *heap_slot = saved;
}

int main(void) {
  heap_slot = malloc(sizeof *heap_slot);
  *heap_slot = NULL;
  nest(0, NULL);
  check(*heap_slot == NULL);
  return finish("stack-pointers");
}
