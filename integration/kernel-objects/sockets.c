// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets within the process: Unix pairs of all types with something under way, a bound Unix socket, UDP, a TCP connection
// with both ends here, bytes in both directions, and the listening socket it came from.
#define _GNU_SOURCE
#include "holder.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
static int pairs[3][2], udp[2], listener, near, far;

static struct sockaddr_in local(int fd) {
  struct sockaddr_in name;
  socklen_t size = sizeof name;
  check(getsockname(fd, (struct sockaddr *)&name, &size) == 0);
  return name;
}

static int connect_to(int listener, int *accepted) {
  struct sockaddr_in name = local(listener);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  check(connect(fd, (struct sockaddr *)&name, sizeof name) == 0);
  *accepted = accept(listener, NULL, NULL);
  check(*accepted >= 0);
  return fd;
}

static void expect(int fd, const char *wanted) {
  char text[64] = "";
  ssize_t n = recv(fd, text, sizeof text, MSG_DONTWAIT);
  check(n == (ssize_t)strlen(wanted) && !memcmp(text, wanted, n));
}

static void set_up(void) {
  for (int i = 0; i < 3; i++) {
    check(socketpair(AF_UNIX, types[i], 0, pairs[i]) == 0);
    check(send(pairs[i][0], "first", 5, 0) == 5);
    check(send(pairs[i][0], "second", 6, 0) == 6);
  }
  struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < 2; i++) {
    udp[i] = socket(AF_INET, SOCK_DGRAM, 0);
    check(bind(udp[i], (struct sockaddr *)&any, sizeof any) == 0);
  }
  for (int i = 0; i < 2; i++) {
    struct sockaddr_in other = local(udp[!i]);
    check(connect(udp[i], (struct sockaddr *)&other, sizeof other) == 0);
  }
  listener = socket(AF_INET, SOCK_STREAM, 0);
  check(bind(listener, (struct sockaddr *)&any, sizeof any) == 0 && listen(listener, 4) == 0);
  near = connect_to(listener, &far);
  int on = 1;
  check(setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
  check(setsockopt(near, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0);
  check(send(near, "to the far end", 14, 0) == 14);
  check(send(far, "to the near end", 15, 0) == 15);
}

static void check_pairs(void) {
  char text[64];
  check(recv(pairs[0][1], text, sizeof text, MSG_DONTWAIT) == 11 && !memcmp(text, "firstsecond", 11));
  for (int i = 1; i < 3; i++) {
    expect(pairs[i][1], "first");
    expect(pairs[i][1], "second");
  }
  for (int i = 0; i < 3; i++) {
    int type;
    socklen_t size = sizeof type;
    check(getsockopt(pairs[i][0], SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == types[i]);
    check(recv(pairs[i][1], text, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
  }
}

int main(void) {
  set_up();
  hop();

  check_pairs();
  expect(far, "to the far end");
  expect(near, "to the near end");
  int on = 0;
  socklen_t size = sizeof on;
  check(getsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0 && on);
  check(getsockopt(near, SOL_SOCKET, SO_KEEPALIVE, &on, &size) == 0 && on);
  check(send(udp[0], "datagram", 8, 0) == 8);
  char text[64];
  check(recv(udp[1], text, sizeof text, 0) == 8 && !memcmp(text, "datagram", 8));
  for (int i = 0; i < 3; i++) check(send(pairs[i][0], "first", 5, 0) == 5 && send(pairs[i][0], "second", 6, 0) == 6);
  check(shutdown(near, SHUT_WR) == 0);
  check(send(far, "after the end", 13, 0) == 13);

  hop();

  check_pairs();
  check(recv(far, text, sizeof text, 0) == 0);
  check(recv(near, text, sizeof text, 0) == 13);
  int accepted, third = connect_to(listener, &accepted);
  check(send(third, "new", 3, 0) == 3);
  check(recv(accepted, text, sizeof text, 0) == 3);
  return finish("sockets");
}
