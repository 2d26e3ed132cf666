/* SPDX-License-Identifier: 0BSD */
#include "support.h"

#include "canonical.h"

#define CLONE_PARENT_SETTID 0x100000
#define CLONE_CHILD_SETTID 0x1000000

static void starts_children(void) {
  int status = 0;
  long child = CALL(fork);
  if (!child) CALL(exit_group, 7);
  CHECK(child > 0 && CALL(wait4, child, &status, 0, 0) == child);
  say("fork", status);

#ifdef __aarch64__ /* as fork; on x86-64 it would share the stack that we return on */
  child = CALL(vfork);
  if (!child) CALL(exit_group, 8);
  CHECK(CALL(wait4, child, &status, 0, 0) == child && status == 8 << 8);
#endif

  /* In the child the id lands at the fourth argument, not the fifth. (User-mode QEMU does not give it to the parent.) */
  int parent_id = 0, child_id = 0;
  child = CALL(clone, 17 | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID, 0, &parent_id, &child_id, 0);
  if (!child) CALL(exit_group, child_id == CALL(getpid) && child_id ? 9 : 1);
  CHECK(CALL(wait4, child, &status, 0, 0) == child);
  say("clone", status);
  CHECK((parent_id == child || !parent_id) && child_id == 0);

  child = CALL(fork);
  if (!child) CALL(pause);
  struct timespec moment = {0, 30000000};
  CALL(nanosleep, &moment, 0);
  say("kill", CALL(kill, child, SIGTERM));
  CHECK(CALL(wait4, child, &status, 0, 0) == child);
  say("pause", status);
}

static void knows_itself(void) {
  struct timespec now;
  long seconds = 0;
  long limit[2], other[2];
  struct {
    char fields[6][65];
  } names;
  CHECK(CALL(getpgrp) == CALL(getpgid, 0));
  CHECK(CALL(gettid) == CALL(getpid));
  CALL(clock_gettime, 0, &now);
  long result = CALL(time, &seconds);
  CHECK(result == seconds && seconds - now.seconds <= 1 && now.seconds - seconds <= 1);
  say("getrlimit", CALL(getrlimit, 7, limit));
  CHECK(CALL(prlimit64, 0, 7, 0, other) == 0 && limit[0] == other[0] && limit[1] == other[1]);
  say("uname", CALL(uname, &names));
  say_text("  system", names.fields[0]);
}

static void shares_memory(void) {
  struct {
    int permissions[IPC_PERMISSIONS_SIZE / 4];
    struct canonical_semaphores set;
    unsigned long guard;
  } semaphores;
  long id = CALL(semget, 0, 3, 0600);
  semaphores.guard = 12345;
  say("semget", id >= 0);
  say("stat", CALL(semctl, id, 0, 2, &semaphores));
  say("  count", semaphores.set.count);
  say("  last operation", semaphores.set.otime);
  say("  guard", semaphores.guard);
  CHECK(semaphores.set.ctime - CALL(time, 0) < 3 && CALL(time, 0) - semaphores.set.ctime < 3);
  say("set", CALL(semctl, id, 1, 16, 42));
  say("get", CALL(semctl, id, 1, 12, 0));
  say("remove", CALL(semctl, id, 0, 0, 0));

  long segment[14];
  id = CALL(shmget, 0, 12345, 0600);
  say("shmget", id >= 0);
  say("stat", CALL(shmctl, id, 2, segment));
  say("  size", segment[6]);
  say("remove", CALL(shmctl, id, 0, 0));
}

static void maps(void) {
  long address = CALL(mmap, 0, 8192, 3, 0x22 | 0x40, -1, 0);
  CHECK(address > 0);
  *(volatile int *)address = 1;
  say("mprotect", CALL(mprotect, address, 4096, 1));
  say("msync", CALL(msync, address, 4096, 4));
  say("munmap", CALL(munmap, address, 8192));
}

static void passes_messages(void) {
  int ends[2];
  char text[8] = "";
  say("socketpair", CALL(socketpair, 1, 2 | O_CLOEXEC | O_NONBLOCK, 0, ends));
  say("  flags", CALL(fcntl, ends[0], 3));
  say("nothing", CALL(recvfrom, ends[0], text, 8, 0, 0, 0));
  say("sendto", CALL(sendto, ends[1], "abc", 3, 0, 0, 0));
  say("recvfrom", CALL(recvfrom, ends[0], text, 8, 0, 0, 0));
  say_text("  text", text);
}

static void refuses(void) {
  say("_sysctl", CALL(_sysctl, 0));
  say("query_module", CALL(query_module, 0));
  say("unknown", FIRST_6(511, 0, 0, 0, 0, 0, 0));
  say("negative", FIRST_6(-1, 0, 0, 0, 0, 0, 0));
}

void run(void) {
  starts_children();
  knows_itself();
  shares_memory();
  maps();
  passes_messages();
  refuses();
}
