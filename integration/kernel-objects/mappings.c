// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that is not the process's alone: shared and private mappings of a file, shared anonymous memory that a child writes
// to, POSIX shared memory, a memfd; and protections.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 3 * 4096 };

static char *shared, *private, *anonymous, *posix, *memory, *guarded;
static int file, memfd;
static sigjmp_buf back;
static char name[32];

static void on_fault(int signal) { siglongjmp(back, signal); }

static int faults(volatile char *place) {
  int signal = sigsetjmp(back, 1);
  if (!signal) *place = 1;
  return signal == SIGSEGV;
}

static char *map(int fd, int flags) {
  char *place = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);
  check(place != MAP_FAILED);
  return place;
}

static void set_up(void) {
  file = open("mapped", O_CREAT | O_TRUNC | O_RDWR, 0600);
  check(file >= 0 && ftruncate(file, SIZE) == 0);
  check(pwrite(file, "from the file", 14, 4096) == 14);
  shared = map(file, MAP_SHARED);
  private = map(file, MAP_PRIVATE);
  strcpy(shared, "shared");
  strcpy(private + 8192, "private");
  anonymous = map(-1, MAP_SHARED | MAP_ANONYMOUS);
  strcpy(anonymous, "anonymous");
  snprintf(name, sizeof name, "/hc-mappings-%d", getpid());
  int object = shm_open(name, O_CREAT | O_TRUNC | O_RDWR, 0600);
  check(object >= 0 && ftruncate(object, SIZE) == 0);
  posix = map(object, MAP_SHARED);
  strcpy(posix + 4096, "posix");
  close(object);
  memfd = memfd_create("memory", 0);
  check(memfd >= 0 && ftruncate(memfd, SIZE) == 0);
  memory = map(memfd, MAP_SHARED);
  strcpy(memory, "memfd");
  guarded = map(-1, MAP_PRIVATE | MAP_ANONYMOUS);
  strcpy(guarded, "read only");
  check(mprotect(guarded, 4096, PROT_READ) == 0);
  check(mprotect(guarded + 4096, 4096, PROT_NONE) == 0);
  signal(SIGSEGV, on_fault);
}

int main(void) {
  set_up();
  hop();

  check(!strcmp(shared, "shared") && !strcmp(private, "shared"));
  check(!strcmp(shared + 4096, "from the file") && !strcmp(private + 8192, "private") && !shared[8192]);
  check(!strcmp(anonymous, "anonymous") && !strcmp(posix + 4096, "posix") && !strcmp(memory, "memfd"));
  check(faults(guarded) && faults(guarded + 4096) && !faults(guarded + 8192));
  check(!strcmp(guarded, "read only"));
  strcpy(shared, "written at the destination");
  char text[32] = "";
  check(pread(file, text, 27, 0) == 27 && !strcmp(text, "written at the destination"));
  check(pread(memfd, text, 6, 0) == 6 && !strcmp(text, "memfd"));
  strcpy(posix, "posix again");
  pid_t child = fork();
  if (child == 0) {
    strcpy(anonymous + 4096, "from a child");
    _exit(0);
  }
  check(waitpid(child, NULL, 0) == child);

  hop();

  check(!strcmp(anonymous + 4096, "from a child"));
  check(!strcmp(shared, "written at the destination") && !strcmp(private + 8192, "private"));
  check(!strcmp(posix, "posix again") && !strcmp(posix + 4096, "posix"));
  int object = shm_open(name, O_RDWR, 0);
  check(object >= 0 && pread(object, text, 12, 0) == 12 && !strcmp(text, "posix again"));
  check(faults(guarded) && faults(guarded + 4096) && !faults(guarded + 8192));
  shm_unlink(name);
  return finish("mappings");
}
