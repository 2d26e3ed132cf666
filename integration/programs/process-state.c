// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel and libc hold for the process: errno, locale, open files with offsets, signal mask, a pending signal,
// dispositions, umask, working directory, environment, thread-locals.
#include "hop.h"
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static _Thread_local int counter = 41;
static _Thread_local char name[32];
static volatile sig_atomic_t delivered;
static void on_signal(int signal) { delivered = signal; }

int main(void) {
  char path[] = "/tmp/hc-process-state-XXXXXX";
  int file = mkstemp(path);
  check(file >= 0);
  FILE *stream = fdopen(dup(file), "r+");
  check(write(file, "0123456789abcdef", 16) == 16);
  lseek(file, 4, SEEK_SET);
  int flags = fcntl(file, F_GETFL);
  int other = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  check(other >= 0);
  setlocale(LC_ALL, "C.UTF-8");
  char locale[256];
  snprintf(locale, sizeof locale, "%s", setlocale(LC_ALL, NULL));
  umask(027);
  chdir("/tmp");
  setenv("HC_TEST", "still here", 1);
  strcpy(name, "thread-local");
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR2, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGUSR2);
  errno = ENOTDIR;

  hop();

  check(errno == ENOTDIR);
  check(!delivered);
  sigpending(&set);
  check(sigismember(&set, SIGUSR2));
  char text[5] = {0};
  check(read(file, text, 4) == 4);
  check(strcmp(text, "4567") == 0);
  check(fcntl(file, F_GETFL) == flags);
  check(fcntl(other, F_GETFD) == FD_CLOEXEC);
  check(strcmp(setlocale(LC_ALL, NULL), locale) == 0);
  check(++counter == 42 && strcmp(name, "thread-local") == 0);

  hop();

  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  check(delivered == SIGUSR2);
  sigaction(SIGUSR2, NULL, &action);
  check(action.sa_handler == on_signal && action.sa_flags & SA_RESTART);
  check(umask(022) == 027);
  check(strcmp(getenv("HC_TEST"), "still here") == 0);
  char directory[64];
  check(strcmp(getcwd(directory, sizeof directory), "/tmp") == 0);
  rewind(stream);
  check(fgetc(stream) == '0');
  struct stat status;
  check(fstat(file, &status) == 0 && status.st_size == 16 && S_ISREG(status.st_mode));
  unlink(path);
  return finish("process-state");
}
