// SPDX-License-Identifier: GPL-3.0-or-later
// Connections in bad states: buffers full in both directions, one side closed with bytes under way, closed with bytes unread,
// shut down by half. Whatever was under way arrives, in order, and then the end.
#define _GNU_SOURCE
#include "holder.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
  int ends[2];
  size_t under_way[2]; // sent from each end
};

static struct pair full, half, left, full_unix;
static int full_pipe[2];
static size_t in_pipe;

static void connect_pair(struct pair *pair) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof name;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  check(bind(listener, (struct sockaddr *)&name, size) == 0 && listen(listener, 1) == 0);
  check(getsockname(listener, (struct sockaddr *)&name, &size) == 0);
  pair->ends[0] = socket(AF_INET, SOCK_STREAM, 0);
  check(connect(pair->ends[0], (struct sockaddr *)&name, size) == 0);
  pair->ends[1] = accept(listener, NULL, NULL);
  check(pair->ends[1] >= 0);
  close(listener);
}

// What the byte at a place of a stream is.
static unsigned char byte_at(size_t place) { return (unsigned char)(place * 7 + place / 251); }

// Sends until no more fits.
static size_t fill(int fd) {
  unsigned char bytes[1000];
  size_t sent = 0;
  for (int quiet = 0; quiet < 20;) {
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = byte_at(sent + i);
    ssize_t n = write(fd, bytes, sizeof bytes);
    if (n > 0) sent += n, quiet = 0;
    else if (n < 0 && errno == EAGAIN) usleep(2000), quiet++;
    else break;
  }
  return sent;
}

// How long to wait for what is on its way, in milliseconds: TCP sends again after seconds when a machine is slow.
enum { PATIENCE = 30000 };

// Reads what must be there, and whether the end comes then.
static int drain(int fd, size_t wanted, int end) {
  unsigned char bytes[4096];
  size_t got = 0;
  for (int idle = 0; got < wanted && idle < PATIENCE;) {
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && errno == EAGAIN) usleep(1000), idle++;
    else if (n <= 0) break;
    for (ssize_t i = 0; i < n; i++)
      if (bytes[i] != byte_at(got + i)) return 0;
    if (n > 0) got += n, idle = 0;
  }
  if (got != wanted) return 0;
  ssize_t n = -1;
  for (int idle = 0; idle < PATIENCE && end && (n = read(fd, bytes, 1)) < 0 && errno == EAGAIN; idle++) usleep(1000);
  return !end || n == 0;
}

static void not_blocking(int fd) { check(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0); }

static void fill_pair(struct pair *pair) {
  for (int i = 0; i < 2; i++) {
    int size = 4096;
    check(setsockopt(pair->ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0);
    check(setsockopt(pair->ends[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0);
    not_blocking(pair->ends[i]);
  }
  for (int i = 0; i < 2; i++) check((pair->under_way[i] = fill(pair->ends[i])) > 0);
}

static void set_up(void) {
  connect_pair(&full);
  fill_pair(&full);
  check(socketpair(AF_UNIX, SOCK_STREAM, 0, full_unix.ends) == 0);
  fill_pair(&full_unix);
  check(pipe2(full_pipe, O_NONBLOCK) == 0);
  in_pipe = fill(full_pipe[1]);
  // Shut down by half: the other direction goes on.
  connect_pair(&half);
  unsigned char bytes[100];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = byte_at(i);
  check(write(half.ends[0], bytes, sizeof bytes) == sizeof bytes && shutdown(half.ends[0], SHUT_WR) == 0);
  // Closed at the other side, with bytes that nobody has read yet.
  connect_pair(&left);
  check(write(left.ends[0], bytes, sizeof bytes) == sizeof bytes);
  close(left.ends[0]);
}

static void check_full(struct pair *pair) {
  for (int i = 0; i < 2; i++) check(drain(pair->ends[!i], pair->under_way[i], 0));
}

int main(void) {
  set_up();
  hop();
  hop();
  check_full(&full);
  check_full(&full_unix);
  check(drain(full_pipe[0], in_pipe, 0));
  // Once more, in the new place.
  for (int i = 0; i < 2; i++) check((full.under_way[i] = fill(full.ends[i])) > 0);
  check_full(&full);
  check(drain(half.ends[1], 100, 1));
  unsigned char byte = byte_at(0);
  check(write(half.ends[1], &byte, 1) == 1 && drain(half.ends[0], 1, 0));
  close(half.ends[1]);
  check(read(half.ends[0], &byte, 1) == 0);
  check(drain(left.ends[1], 100, 1));
  return finish("buffers");
}
