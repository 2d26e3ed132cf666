// SPDX-License-Identifier: GPL-3.0-or-later
// System V shared memory that two processes have attached, semaphores with their values, messages in a queue.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 3 * 4096 };

struct message {
  long type;
  char text[16];
};

static int segment, semaphores, queue, wake[2];
static char *memory;
static pid_t child;

static void serve(void) {
  char byte;
  while (read(wake[0], &byte, 1) == 1) {
    memory[4096] += byte;
    struct sembuf up = {.sem_num = 1, .sem_op = 1};
    if (semop(semaphores, &up, 1)) _exit(2);
  }
  _exit(0);
}

static void set_up(void) {
  segment = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0600);
  semaphores = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
  queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  check(segment >= 0 && semaphores >= 0 && queue >= 0);
  memory = shmat(segment, NULL, 0);
  check(memory != (void *)-1);
  strcpy(memory, "shared by System V");
  check(semctl(semaphores, 0, SETVAL, 5) == 0);
  struct message first = {1, "first"}, second = {2, "second"};
  check(msgsnd(queue, &first, 6, 0) == 0 && msgsnd(queue, &second, 7, 0) == 0);
  check(pipe(wake) == 0);
  child = fork();
  if (child == 0) {
    close(wake[1]);
    serve();
  }
  close(wake[0]);
}

// The child adds to the shared byte and says so by the semaphore.
static void ask_child(char add) {
  char before = memory[4096];
  check(write(wake[1], &add, 1) == 1);
  struct sembuf down = {.sem_num = 1, .sem_op = -1};
  check(semop(semaphores, &down, 1) == 0);
  check(memory[4096] == before + add);
}

int main(void) {
  set_up();
  ask_child(1);
  hop();
  check(!strcmp(memory, "shared by System V"));
  ask_child(2);
  check(semctl(semaphores, 0, GETVAL) == 5);
  struct message got = {0};
  check(msgrcv(queue, &got, sizeof got.text, 2, 0) == 7 && !strcmp(got.text, "second"));
  struct shmid_ds status;
  check(shmctl(segment, IPC_STAT, &status) == 0 && status.shm_segsz == SIZE && status.shm_nattch == 2);
  hop();
  ask_child(3);
  check(memory[4096] == 6);
  check(msgrcv(queue, &got, sizeof got.text, 0, IPC_NOWAIT) == 6 && !strcmp(got.text, "first"));
  check(msgrcv(queue, &got, sizeof got.text, 0, IPC_NOWAIT) == -1 && errno == ENOMSG);
  close(wake[1]);
  int status_of_child;
  check(waitpid(child, &status_of_child, 0) == child && status_of_child == 0);
  check(shmctl(segment, IPC_RMID, NULL) == 0 && shmdt(memory) == 0);
  check(semctl(semaphores, 0, IPC_RMID) == 0 && msgctl(queue, IPC_RMID, NULL) == 0);
  return finish("system-v");
}
