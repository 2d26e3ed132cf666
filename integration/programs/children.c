// SPDX-License-Identifier: GPL-3.0-or-later
// fork, pipes, wait, exec and posix_spawn (through system and popen) of a single-threaded program.
#include "hop.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  check(pipe(ends) == 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    int numbers[2] = {getpid() == getppid(), 42};
    write(ends[1], numbers, sizeof numbers);
    _exit(7);
  }
  int numbers[2] = {1, 0}, status = 0;
  check(read(ends[0], numbers, sizeof numbers) == sizeof numbers);
  check(numbers[0] == 0 && numbers[1] == 42);
  check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
  hop();
  fflush(stdout);
  child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "exit 9", NULL);
    _exit(1);
  }
  check(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9);
  hop();
  check(WEXITSTATUS(system("exit 5")) == 5);
  FILE *pipe = popen("echo from a child", "r");
  char line[64] = "";
  check(pipe && fgets(line, sizeof line, pipe));
  printf("%s", line);
  check(pclose(pipe) == 0);
  return finish("children");
}
