// SPDX-License-Identifier: GPL-3.0-or-later
// Files: locks of all three kinds, status flags, an unlinked file, duplicates that share an offset, a pair of terminals, what
// /proc has about the process itself; resource limits, working directory, umask, priority, name.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int flocked, record, ofd, appending, unlinked, copy, directory, master, slave, own_stat;

static int open_new(const char *name, int flags) {
  int fd = open(name, O_CREAT | O_TRUNC | O_RDWR | flags, 0600);
  check(fd >= 0 && ftruncate(fd, 100) == 0);
  return fd;
}

static struct flock part(short type) { return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20}; }

// What another process sees of the locks.
static int locked_for_others(void) {
  pid_t child = fork();
  if (child == 0) {
    int one = open("flocked", O_RDWR), two = open("record", O_RDWR), three = open("ofd", O_RDWR);
    struct flock lock = part(F_WRLCK), other = part(F_RDLCK);
    int held = flock(one, LOCK_EX | LOCK_NB) == -1;
    held += fcntl(two, F_SETLK, &lock) == -1;
    held += fcntl(three, F_OFD_SETLK, &lock) == -1;
    held += fcntl(three, F_OFD_SETLK, &other) == 0;
    _exit(held);
  }
  int status = 0;
  check(waitpid(child, &status, 0) == child && WIFEXITED(status));
  return WEXITSTATUS(status);
}

// The first field of stat is the pid, whatever /proc says in between.
static void check_own_stat(void) {
  char text[256] = "";
  check(lseek(own_stat, 0, SEEK_SET) == 0 && read(own_stat, text, sizeof text - 1) > 0);
  check(atoi(text) == getpid());
}

static void set_up(void) {
  own_stat = open("/proc/self/stat", O_RDONLY);
  check_own_stat();
  flocked = open_new("flocked", 0);
  record = open_new("record", 0);
  ofd = open_new("ofd", 0);
  struct flock write_lock = part(F_WRLCK), read_lock = part(F_RDLCK);
  check(flock(flocked, LOCK_EX) == 0);
  check(fcntl(record, F_SETLK, &write_lock) == 0);
  check(fcntl(ofd, F_OFD_SETLK, &read_lock) == 0);
  appending = open_new("appending", O_APPEND | O_NONBLOCK | O_SYNC | O_CLOEXEC);
  unlinked = open_new("unlinked", 0);
  check(write(unlinked, "no name any more", 16) == 16);
  unlink("unlinked");
  copy = dup(unlinked);
  directory = open("/", O_RDONLY | O_DIRECTORY | O_PATH);
  check(directory >= 0);
  master = posix_openpt(O_RDWR | O_NOCTTY);
  check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
  slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  check(slave >= 0);
  struct termios mode;
  check(tcgetattr(slave, &mode) == 0);
  mode.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
  check(tcsetattr(slave, TCSANOW, &mode) == 0);
  struct rlimit limit = {77, 99};
  check(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  umask(031);
  check(chdir("/usr") == 0);
  check(setpriority(PRIO_PROCESS, 0, 7) == 0);
  prctl(PR_SET_NAME, "renamed");
}

static void check_all(int round) {
  check_own_stat();
  check(fcntl(appending, F_GETFD) == FD_CLOEXEC);
  check((fcntl(appending, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC)) ==
        (O_RDWR | O_APPEND | O_NONBLOCK | O_SYNC));
  check(lseek(appending, 0, SEEK_SET) == 0 && write(appending, "end", 3) == 3);
  check(lseek(appending, 0, SEEK_CUR) == 100 + 3 * round);
  check(lseek(copy, 0, SEEK_CUR) == 16 && lseek(unlinked, 3, SEEK_SET) == 3);
  char text[16] = "";
  check(read(copy, text, 4) == 4 && !memcmp(text, "name", 4));
  check(lseek(unlinked, 16, SEEK_SET) == 16);
  struct stat status;
  check(fstat(unlinked, &status) == 0 && status.st_nlink == 0 && status.st_size == 100);
  check(fstat(directory, &status) == 0 && S_ISDIR(status.st_mode) && fcntl(directory, F_GETFL) & O_PATH);
  struct termios mode;
  check(tcgetattr(slave, &mode) == 0 && !(mode.c_lflag & (ECHO | ICANON)) && mode.c_lflag & ISIG);
  check(write(master, "typed", 5) == 5 && read(slave, text, sizeof text) == 5 && !memcmp(text, "typed", 5));
  struct rlimit limit;
  check(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 77 && limit.rlim_max == 99);
  check(umask(031) == 031);
  check(getcwd(text, sizeof text) && !strcmp(text, "/usr"));
  check(getpriority(PRIO_PROCESS, 0) == 7);
  prctl(PR_GET_NAME, text);
  check(!strcmp(text, "renamed"));
}

int main(void) {
  char home[256];
  check(getcwd(home, sizeof home) != NULL);
  set_up();
  for (int round = 1; round <= 2; round++) {
    hop();
    check_all(round);
    check(chdir(home) == 0);
    check(locked_for_others() == 4);
    check(chdir("/usr") == 0);
  }
  return finish("files");
}
