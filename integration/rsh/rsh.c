// SPDX-License-Identifier: GPL-3.0-or-later
// A remote shell for the guests' private network, where ssh spends most of its time on emulated cryptography:
//   rsh HOST[:PORT] COMMAND...    runs COMMAND in the guest with this input, output, errors and exit code
//   rsh -d                        serves
// The client sends the command's length and text, then its standard input as it is; shutting down its side is the end of
// input. The server answers with frames: one byte (1 output, 2 errors, 0 exit code), a length, the bytes.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOGIN_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { PORT = 514, HEADER = 5, ROOM = 256 << 10, LONGEST_COMMAND = 1 << 20, FAILED = 255 };

// One direction: what was read from one end and waits to be written to the other.
struct pump {
  int from, to; // -1: closed
  size_t at, length;
  char bytes[ROOM];
};

static void die(const char *what) {
  perror(what);
  exit(FAILED);
}

static void nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

static void read_all(int fd, void *to, size_t length) {
  for (size_t got = 0; got < length;) {
    ssize_t n = read(fd, (char *)to + got, length - got);
    if (n <= 0 && errno != EINTR) exit(FAILED);
    if (n > 0) got += (size_t)n;
  }
}

static void write_all(int fd, const void *from, size_t length) {
  for (size_t put = 0; put < length;) {
    ssize_t n = write(fd, (const char *)from + put, length - put);
    if (n < 0 && errno != EINTR) exit(FAILED);
    if (n > 0) put += (size_t)n;
  }
}

// Reads after `header` free bytes. Returns 0 at the end of input.
static int fill(struct pump *p, size_t header) {
  ssize_t n = read(p->from, p->bytes + header, ROOM - header);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (n <= 0) return 0;
  p->at = 0;
  p->length = header + (size_t)n;
  return 1;
}

static int drain(struct pump *p) {
  ssize_t n = write(p->to, p->bytes + p->at, p->length - p->at);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  p->at += (size_t)n;
  if (p->at == p->length) p->at = p->length = 0;
  return 1;
}

static void frame(struct pump *p, int stream) {
  uint32_t length = htonl((uint32_t)(p->length - HEADER));
  p->bytes[0] = (char)stream;
  memcpy(p->bytes + 1, &length, sizeof length);
}

static struct pump input, output, errors;

// Moves bytes between the connection and the command until the command has ended and its output has been sent. Processes
// it leaves behind may hold its output open, so the end of output is not waited for.
static void serve_command(int connection, pid_t pid, int ended) {
  struct pump *out[] = {&output, &errors};
  struct pump *sending = NULL;
  int running = 1, status = 0;
  for (;;) {
    struct pollfd polls[] = {
        {input.length ? -1 : input.from, POLLIN, 0},
        {input.length ? input.to : -1, POLLOUT, 0},
        {sending ? -1 : output.from, POLLIN, 0},
        {sending ? -1 : errors.from, POLLIN, 0},
        {sending ? connection : -1, POLLOUT, 0},
        {running ? ended : -1, POLLIN, 0},
    };
    int ready = poll(polls, 6, running || sending ? -1 : 0);
    if (ready < 0 && errno != EINTR) die("rsh: poll");
    if (ready == 0 && !running) break;
    if (polls[0].revents && !fill(&input, 0)) {
      input.from = -1;
      if (input.to >= 0) close(input.to);
      input.to = -1;
    }
    if (polls[1].revents && !drain(&input)) {
      // The command reads no more; what still comes is dropped.
      close(input.to);
      input.to = input.from = -1;
      input.length = 0;
    }
    for (int i = 0; i < 2 && !sending; i++) {
      struct pump *p = out[i];
      if (p->from < 0 || !polls[2 + i].revents) continue;
      if (!fill(p, HEADER)) {
        close(p->from);
        p->from = -1;
      } else if (p->length) {
        frame(p, i + 1);
        sending = p;
      }
    }
    if (polls[4].revents && !drain(sending)) exit(FAILED); // the client is gone
    if (sending && !sending->length) sending = NULL;
    if (polls[5].revents && waitpid(pid, &status, WNOHANG) == pid) running = 0;
    if (!running && !sending && output.from < 0 && errors.from < 0) break;
  }
  uint32_t code = htonl((uint32_t)(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)));
  char last[HEADER + 4] = {0, 0, 0, 0, 4};
  memcpy(last + HEADER, &code, sizeof code);
  fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) & ~O_NONBLOCK);
  write_all(connection, last, sizeof last);
  // Closing with input unread would reset the connection, and the reset may reach the client before what was sent.
  shutdown(connection, SHUT_WR);
  while (read(connection, input.bytes, ROOM) > 0) {
  }
}

static void start_command(int connection, char *command) {
  int in[2], out[2], err[2], life[2];
  if (pipe(in) || pipe(out) || pipe(err) || pipe2(life, O_CLOEXEC)) die("rsh: pipe");
  pid_t pid = fork();
  if (pid < 0) die("rsh: fork");
  if (pid == 0) {
    setsid();
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    for (int fd = 3; fd < 64; fd++) close(fd);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  input.from = connection;
  input.to = in[1];
  output.from = out[0];
  errors.from = err[0];
  output.to = errors.to = connection;
  int fds[] = {connection, in[1], out[0], err[0]};
  for (int i = 0; i < 4; i++) nonblocking(fds[i]);
  int ended = (int)syscall(434 /* pidfd_open, the same number on all ISAs */, pid, 0);
  if (ended < 0) die("rsh: pidfd_open");
  serve_command(connection, pid, ended);
}

static void serve(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
  struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&any, sizeof any) || listen(listener, 64)) die("rsh: listen");
  signal(SIGCHLD, SIG_IGN); // no zombies
  signal(SIGPIPE, SIG_IGN);
  chdir("/root");
  // As sshd does.
  setenv("PATH", LOGIN_PATH, 1);
  setenv("HOME", "/root", 1);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    if (fork() == 0) {
      close(listener);
      signal(SIGCHLD, SIG_DFL);
      setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      uint32_t length;
      read_all(connection, &length, sizeof length);
      length = ntohl(length);
      if (length > LONGEST_COMMAND) exit(FAILED);
      char *command = calloc(1, length + 1);
      read_all(connection, command, length);
      start_command(connection, command);
      exit(0);
    }
    close(connection);
  }
}

static int reach(char *host) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  char usual[8], *port = strchr(host, ':');
  snprintf(usual, sizeof usual, "%d", PORT);
  if (port) *port++ = 0;
  if (getaddrinfo(host, port ? port : usual, &hints, &found)) {
    fprintf(stderr, "rsh: no host %s\n", host);
    exit(FAILED);
  }
  int connection = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  if (connect(connection, found->ai_addr, found->ai_addrlen)) die("rsh: connect");
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return connection;
}

static void send_command(int connection, char **words) {
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  for (; *words; words++) fprintf(stream, "%s%s", *words, words[1] ? " " : "");
  fclose(stream);
  uint32_t length = htonl((uint32_t)size);
  write_all(connection, &length, sizeof length);
  write_all(connection, text, size);
}

// Takes whole frames off the front of what has come; returns the exit code once it is there, -1 before.
static int take_frames(struct pump *p) {
  while (p->length - p->at >= HEADER) {
    uint32_t length;
    memcpy(&length, p->bytes + p->at + 1, sizeof length);
    length = ntohl(length);
    if (p->length - p->at < HEADER + length) break;
    const char *content = p->bytes + p->at + HEADER;
    int stream = p->bytes[p->at];
    if (stream == 0) {
      uint32_t code;
      memcpy(&code, content, sizeof code);
      return (int)ntohl(code);
    }
    write_all(stream, content, length);
    p->at += HEADER + length;
  }
  memmove(p->bytes, p->bytes + p->at, p->length - p->at);
  p->length -= p->at;
  p->at = 0;
  return -1;
}

static int run(char *host, char **words) {
  static struct pump answers;
  int connection = reach(host);
  send_command(connection, words);
  nonblocking(connection);
  input.from = 0;
  for (;;) {
    struct pollfd polls[] = {
        {input.length ? -1 : input.from, POLLIN, 0},
        {connection, (short)(POLLIN | (input.length ? POLLOUT : 0)), 0},
    };
    if (poll(polls, 2, -1) < 0 && errno != EINTR) die("rsh: poll");
    input.to = connection;
    if (polls[0].revents && !fill(&input, 0)) {
      input.from = -1;
      shutdown(connection, SHUT_WR);
    }
    if ((polls[1].revents & POLLOUT) && !drain(&input)) input.from = -1, input.length = 0;
    if (polls[1].revents & (POLLIN | POLLHUP | POLLERR)) {
      ssize_t n = read(connection, answers.bytes + answers.length, ROOM - answers.length);
      if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        fprintf(stderr, "rsh: %s closed the connection\n", host);
        return FAILED;
      }
      if (n > 0) answers.length += (size_t)n;
      int code = take_frames(&answers);
      if (code >= 0) return code;
    }
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "-d")) serve();
  if (argc < 3) {
    fprintf(stderr, "usage: rsh HOST COMMAND...\n");
    return FAILED;
  }
  return run(argv[1], argv + 2);
}
