// SPDX-License-Identifier: GPL-3.0-or-later
// Waits in the call named, until a full pipe has room again.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum { PIECE = 4096 };

int main(int argc, char **argv) {
  int full[2], other[2], file = open(argv[0], O_RDONLY);
  char piece[PIECE];
  off_t none = 0;
  if (argc != 2 || file < 0 || pipe(full) || pipe(other)) return 2;
  memset(piece, 'x', sizeof piece);
  fcntl(full[1], F_SETFL, O_NONBLOCK);
  while (write(full[1], piece, sizeof piece) > 0) {}
  fcntl(full[1], F_SETFL, 0);
  if (write(other[1], piece, sizeof piece) != PIECE) return 2;
  puts("begins");
  fflush(stdout);
  if (!strcmp(argv[1], "sendfile")) sendfile(full[1], file, &none, PIECE);
  else if (!strcmp(argv[1], "splice")) splice(other[0], 0, full[1], 0, PIECE, 0);
  else if (!strcmp(argv[1], "tee")) tee(other[0], full[1], PIECE, 0);
  else write(full[1], piece, PIECE);
  puts("went on");
}
