// SPDX-License-Identifier: GPL-3.0-or-later
// A chained hash table with strings as keys: malloc, free, string functions, pointer chasing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "random.h"

struct entry {
  struct entry *next;
  uint32_t hash;
  long value;
  char key[];
};

static struct entry **buckets;
static size_t bucket_count, entry_count;

// Fowler, Noll and Vo's FNV-1a.
static uint32_t hash_of(const char *key) {
  uint32_t hash = 2166136261u;
  for (; *key; key++) hash = (hash ^ (unsigned char)*key) * 16777619u;
  return hash;
}

static void grow(void) {
  size_t count = bucket_count ? bucket_count * 2 : 64;
  struct entry **fresh = calloc(count, sizeof *fresh);
  for (size_t i = 0; i < bucket_count; i++) {
    for (struct entry *entry = buckets[i], *next; entry; entry = next) {
      next = entry->next;
      entry->next = fresh[entry->hash & (count - 1)];
      fresh[entry->hash & (count - 1)] = entry;
    }
  }
  free(buckets);
  buckets = fresh;
  bucket_count = count;
}

static struct entry **slot_of(const char *key, uint32_t hash) {
  struct entry **slot = &buckets[hash & (bucket_count - 1)];
  while (*slot && ((*slot)->hash != hash || strcmp((*slot)->key, key) != 0)) slot = &(*slot)->next;
  return slot;
}

static long *value_of(const char *key) {
  uint32_t hash = hash_of(key);
  if (entry_count >= bucket_count) grow();
  struct entry **slot = slot_of(key, hash);
  if (!*slot) {
    size_t length = strlen(key) + 1;
    *slot = calloc(1, sizeof **slot + length);
    (*slot)->hash = hash;
    memcpy((*slot)->key, key, length);
    entry_count++;
  }
  return &(*slot)->value;
}

static void delete(const char *key) {
  struct entry **slot = slot_of(key, hash_of(key)), *entry = *slot;
  if (!entry) return;
  *slot = entry->next;
  free(entry);
  entry_count--;
}

int main(int argc, char **argv) {
  long n = argc > 1 ? atol(argv[1]) : 1500000;
  char key[40];
  long sum = 0;
  for (long i = 0; i < n; i++) {
    uint32_t number = random_number() % 60000;
    snprintf(key, sizeof key, "key:%u:%s", number, number & 1 ? "odd" : "even");
    if (number % 11 == 3) delete(key);
    else sum += *value_of(key) += i & 15;
  }
  printf("%ld %zu\n", sum, entry_count);
  return 0;
}
