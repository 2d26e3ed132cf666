// SPDX-License-Identifier: GPL-3.0-or-later
// The clients of echo: CONNECTIONS of them send lines of many lengths, and check every byte of every answer. Every fourth
// ends its connection after some lines and begins another; the others keep theirs.
//   talk ADDRESS PORT CONNECTIONS
// Runs until its input ends; then writes one line of JSON: {"replies","connections","wrong","lost","resets","longestMs"}.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// PAUSE: milliseconds between two lines of a connection, so that emulated machines have time for other things.
enum { MOST = 64, LONGEST = 3000, ROOM = LONGEST + 64, PAUSE = 50, SOON = 5 };

struct talk {
  int fd;
  unsigned number, lines; // of the connection, as the first answer says; of lines sent
  size_t length, sent;
  char line[ROOM];
  size_t wanted, got; // of the answer
  char answer[ROOM], expected[ROOM];
  double began, next; // when the line began; when the next one may
  int over, short_lived, connecting;
};

static struct talk talks[MOST];
static struct sockaddr_in name;
static unsigned long replies, connections, wrong, lost, resets;
static double longest;
static unsigned seed = 1;

static unsigned chance(void) { return (seed = seed * 1103515245u + 12345u) >> 16; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void say(struct talk *talk) {
  size_t length = chance() % 4 ? chance() % 60 : chance() % LONGEST;
  for (size_t i = 0; i < length; i++) talk->line[i] = (char)('a' + chance() % 26);
  talk->line[length] = '\n';
  talk->length = length + 1;
  talk->sent = talk->got = 0;
  ++talk->lines;
  talk->wanted = 0;
  talk->began = now();
}

// What must come; the first answer tells the number that the server has given us.
static void expect(struct talk *talk) {
  int head = snprintf(talk->expected, 64, "%u %u ", talk->number, talk->lines);
  memcpy(talk->expected + head, talk->line, talk->length);
  talk->wanted = (size_t)head + talk->length;
}

static void lose(struct talk *talk, int error) {
  fprintf(stderr, "connection %u, line %u: %s\n", talk->number, talk->lines, error ? strerror(error) : "closed");
  ++lost;
  if (error == ECONNRESET || error == ECONNREFUSED || error == EPIPE) ++resets;
  talk->over = 1;
  close(talk->fd);
}

static void reach(struct talk *talk) {
  int one = 1;
  talk->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(talk->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  talk->number = talk->lines = 0;
  talk->connecting = 1;
  if (connect(talk->fd, (const struct sockaddr *)&name, sizeof name) && errno != EINPROGRESS) lose(talk, errno);
  say(talk);
}

static void hear(struct talk *talk) {
  ssize_t n = read(talk->fd, talk->answer + talk->got, ROOM - talk->got);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    lose(talk, n ? errno : 0);
    return;
  }
  talk->got += (size_t)n;
  if (!memchr(talk->answer, '\n', talk->got)) return;
  if (!talk->number) talk->number = (unsigned)atoi(talk->answer);
  expect(talk);
  if (talk->got != talk->wanted || memcmp(talk->answer, talk->expected, talk->wanted)) {
    fprintf(stderr, "connection %u, line %u: wrong answer %.40s\n", talk->number, talk->lines, talk->answer);
    ++wrong;
  }
  ++replies;
  double took = now() - talk->began;
  if (took > longest) longest = took;
  talk->sent = talk->length = 0;
  talk->next = now() + PAUSE;
  if (talk->short_lived && talk->lines >= SOON) {
    close(talk->fd);
    reach(talk);
  }
}

static void speak(struct talk *talk) {
  if (talk->connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(talk->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
      lose(talk, error);
      return;
    }
    talk->connecting = 0;
    ++connections;
  }
  ssize_t n = write(talk->fd, talk->line + talk->sent, talk->length - talk->sent);
  if (n > 0) talk->sent += (size_t)n;
  else if (errno != EAGAIN && errno != EINTR) lose(talk, errno);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int count = atoi(argv[3]);
  name = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  if (count < 1 || count > MOST || inet_pton(AF_INET, argv[1], &name.sin_addr) != 1) return 2;
  for (int i = 0; i < count; i++) {
    talks[i].short_lived = i % 4 == 3;
    reach(&talks[i]);
  }
  struct pollfd polls[MOST + 1];
  for (int ending = 0;;) {
    int open = 0, timeout = -1;
    for (int i = 0; i < count; i++) {
      struct talk *talk = &talks[i];
      if (!talk->length && !talk->over) {
        if (now() >= talk->next) say(talk);
        else timeout = PAUSE;
      }
      polls[i] = (struct pollfd){talk->over ? -1 : talk->fd, talk->sent < talk->length ? POLLOUT : POLLIN, 0};
      open += !talk->over;
    }
    polls[count] = (struct pollfd){ending ? -1 : 0, POLLIN, 0};
    if (!open || ending) break;
    if (poll(polls, (nfds_t)count + 1, timeout) < 0 && errno != EINTR) return 1;
    char byte;
    if (polls[count].revents && read(0, &byte, 1) <= 0) ending = 1;
    for (int i = 0; i < count; i++) {
      if (polls[i].revents & POLLOUT) speak(&talks[i]);
      else if (polls[i].revents) hear(&talks[i]);
    }
  }
  printf("{\"replies\":%lu,\"connections\":%lu,\"wrong\":%lu,\"lost\":%lu,\"resets\":%lu,\"longestMs\":%.0f}\n", replies,
         connections, wrong, lost, resets, longest);
}
