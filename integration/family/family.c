// SPDX-License-Identifier: GPL-3.0-or-later
// family NAME PROGRAM...: starts each program in a folder of its name, where its output goes to `out` and `err`, and says
// when and how each has ended: NAME STATUS. A name with "threads" in it has THREADS in its environment.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64 };

static void fail(const char *what) {
  perror(what);
  _exit(127);
}

// Stays open here, too: so it travels with every move, also after the program has ended.
static int output(const char *name, const char *file) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", name, file);
  int opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (opened < 0) fail(path);
  return opened;
}

static pid_t start(const char *name, char *program) {
  if (mkdir(name, 0755)) fail(name);
  int out = output(name, "out"), err = output(name, "err");
  pid_t pid = fork();
  if (pid) return pid;
  if (strstr(name, "threads")) setenv("THREADS", "", 1);
  if (chdir(name) || dup2(out, 1) < 0 || dup2(err, 2) < 0) fail(name);
  execl(program, program, (char *)NULL);
  fail(program);
  return 0;
}

int main(int argc, char **argv) {
  pid_t pids[MOST];
  int count = (argc - 1) / 2, status;
  if (count > MOST) return 2;
  for (int i = 0; i < count; i++) pids[i] = start(argv[1 + 2 * i], argv[2 + 2 * i]);
  for (pid_t pid; (pid = wait(&status)) > 0;) {
    for (int i = 0; i < count; i++)
      if (pids[i] == pid) printf("%s %d\n", argv[1 + 2 * i], status);
    fflush(stdout);
  }
  return 0;
}
