// SPDX-License-Identifier: GPL-3.0-or-later
// Like Dhrystone: small functions, records behind pointers, strings, enumerations, two-dimensional arrays.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATE __attribute__((noinline))

enum kind { RAW, SORTED, SHIPPED, RETURNED };

struct item {
  struct item *next;
  enum kind kind;
  int amount;
  char label[32];
};

static struct item *head;
static int total;
static int by_place[50];
static int by_place_and_day[50][50];
static char last_class = 'A';

SEPARATE static enum kind classify(char a, char b) {
  if (a != b) return RAW;
  last_class = a;
  return SORTED;
}

SEPARATE static int same_order(const char *a, const char *b) {
  int at = 2;
  while (at <= 3 && classify(a[at], b[at + 1]) == RAW) at++;
  if (last_class == 'R') return 1;
  if (strcmp(a, b) <= 0) return 0;
  total = at + 7;
  return 1;
}

SEPARATE static void add(int a, int b, int *sum) { *sum = a + b + 2; }

SEPARATE static enum kind advance(enum kind kind) {
  switch (kind) {
    case RAW: return total > 100 ? RAW : RETURNED;
    case SORTED: return SHIPPED;
    case SHIPPED: return SORTED;
    default: return RAW;
  }
}

SEPARATE static void post(int day, int amount) {
  int at = day + 5;
  by_place[at] = amount;
  by_place[at + 1] = by_place[at];
  by_place[at + 20] = at;
  for (int i = at; i <= at + 1; i++) by_place_and_day[at][i] = at;
  by_place_and_day[at][at - 1] += 1;
  by_place_and_day[at + 20][at] = by_place[at];
}

SEPARATE static void handle(struct item *item) {
  struct item *next = item->next;
  *next = *item;
  next->amount = 5;
  next->next = item;
  if (next->kind == SORTED) {
    next->kind = advance(item->kind);
    add(next->amount, total & 63, &next->amount);
  } else {
    next->kind = advance(next->kind);
  }
  item->next = next;
}

int main(int argc, char **argv) {
  long rounds = argc > 1 ? atol(argv[1]) : 24000000;
  struct item *second = malloc(sizeof *second);
  char first_text[32], second_text[32];
  unsigned sum = 0;
  head = malloc(sizeof *head);
  *head = (struct item){.next = second, .kind = SORTED, .amount = 40, .label = "A RECORD OF THE WAREHOUSE, SOME"};
  *second = *head;
  strcpy(first_text, "A RECORD OF THE WAREHOUSE, 1ST");
  for (long round = 0; round < rounds; round++) {
    int low = 2, high = 3, result = 0;
    strcpy(second_text, "A RECORD OF THE WAREHOUSE, 2ND");
    second_text[27] = (char)('0' + (round & 7));
    int ordered = same_order(first_text, second_text);
    while (low < high) {
      result = 5 * low - high;
      add(low, high, &result);
      low++;
    }
    post(low, result);
    handle(head);
    for (char class = 'A'; class <= last_class && class < 'D'; class++) {
      if (classify(class, 'C') == SORTED) high = (int)round & 15;
    }
    last_class = 'B';
    high = high * low;
    low = result ? high / result : high;
    sum = sum * 31 + (unsigned)(low + high + ordered + head->amount + head->next->amount + (int)head->kind);
  }
  printf("%u %d %d %s\n", sum, total, by_place_and_day[8][7], second_text);
  return 0;
}
