// SPDX-License-Identifier: GPL-3.0-or-later
// CRC-32 (IEEE 802.3) bit by bit or by table: loops of a few instructions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "random.h"

static const uint32_t polynomial = 0xedb88320;
static uint32_t table[256];

__attribute__((noinline)) static uint32_t bitwise(const unsigned char *bytes, long n) {
  uint32_t crc = ~0u;
  while (n-- > 0) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
  }
  return ~crc;
}

__attribute__((noinline)) static uint32_t by_table(const unsigned char *bytes, long n) {
  uint32_t crc = ~0u;
  for (long i = 0; i < n; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
  return ~crc;
}

int main(int argc, char **argv) {
  int use_table = argc > 1 && strcmp(argv[1], "table") == 0;
  long n = argc > 2 ? atol(argv[2]) : 4000000;
  int rounds = use_table ? 90 : 16;
  unsigned char *bytes = malloc(n);
  uint32_t sum = 0;
  for (long i = 0; i < n; i++) bytes[i] = (unsigned char)random_number();
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t entry = i;
    for (int bit = 0; bit < 8; bit++) entry = entry & 1 ? entry >> 1 ^ polynomial : entry >> 1;
    table[i] = entry;
  }
  for (int round = 0; round < rounds; round++) {
    bytes[round] ^= 1;
    sum ^= use_table ? by_table(bytes, n) : bitwise(bytes, n);
  }
  printf("%08x\n", sum);
  return 0;
}
