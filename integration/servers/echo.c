// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP server of one thread and one epoll: answers each line with the number of its connection, the number of the line on
// that connection, and the line. The numbers are its state: they go wrong when a line is lost or served twice.
//   echo ADDRESS PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 1 << 16, EVENTS = 64 };

struct client {
  int fd;
  unsigned number, lines;
  size_t held;           // bytes of an unfinished line
  size_t at, length;     // answers not yet sent
  char line[ROOM], answers[2 * ROOM];
};

static int poller;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct client *client, int operation) {
  struct epoll_event event = {.events = client->length ? EPOLLOUT : EPOLLIN, .data.ptr = client};
  if (epoll_ctl(poller, operation, client->fd, &event)) die("epoll_ctl");
}

static void leave(struct client *client) {
  close(client->fd);
  free(client);
}

static void greet(int listener) {
  static unsigned clients;
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  struct client *client = calloc(1, sizeof *client);
  client->fd = fd;
  client->number = ++clients;
  watch(client, EPOLL_CTL_ADD);
}

// Answers whole lines while there is room; returns 0 when the client is gone.
static int answer(struct client *client) {
  for (;;) {
    char *end = memchr(client->line, '\n', client->held);
    if (!end) return 1;
    size_t length = (size_t)(end + 1 - client->line);
    if (client->length + length + 32 > sizeof client->answers) return 1;
    client->length += (size_t)snprintf(client->answers + client->length, 32, "%u %u ", client->number, ++client->lines);
    memcpy(client->answers + client->length, client->line, length);
    client->length += length;
    memmove(client->line, end + 1, client->held - length);
    client->held -= length;
  }
}

static int receive(struct client *client) {
  ssize_t n = read(client->fd, client->line + client->held, ROOM - client->held);
  if (n == 0) return 0;
  if (n < 0) {
    if (errno == EAGAIN || errno == EINTR) return 1;
    fprintf(stderr, "client %u: %s\n", client->number, strerror(errno));
    return 0;
  }
  client->held += (size_t)n;
  return answer(client);
}

static int send_answers(struct client *client) {
  ssize_t n = write(client->fd, client->answers + client->at, client->length - client->at);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  client->at += (size_t)n;
  if (client->at < client->length) return 1;
  client->at = client->length = 0;
  return answer(client);
}

static int listen_at(const char *address, int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (fd < 0 || inet_pton(AF_INET, address, &name.sin_addr) != 1) die(address);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&name, sizeof name) || listen(fd, 64)) die(address);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int listener = listen_at(argv[1], atoi(argv[2]));
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event)) die("epoll");
  fprintf(stderr, "listening\n");
  for (;;) {
    struct epoll_event events[EVENTS];
    int n = epoll_wait(poller, events, EVENTS, -1);
    if (n < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < n; i++) {
      struct client *client = events[i].data.ptr;
      if (!client) {
        greet(listener);
        continue;
      }
      int stays = client->length ? send_answers(client) : receive(client);
      if (!stays) leave(client);
      else watch(client, EPOLL_CTL_MOD);
    }
  }
}
