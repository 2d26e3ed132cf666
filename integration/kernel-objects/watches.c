// SPDX-License-Identifier: GPL-3.0-or-later
// inotify: the watch keeps its descriptor, its mask and its number.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int watcher, first, second;
static char path[64], renamed[64];

static int tells(int watch, unsigned mask, const char *name) {
  _Alignas(struct inotify_event) char events[4096];
  for (int i = 0; i < 200; i++) {
    ssize_t size = read(watcher, events, sizeof events);
    if (size < 0 && errno == EAGAIN) usleep(5000);
    for (char *at = events; size > 0 && at < events + size;) {
      struct inotify_event *event = (void *)at;
      if (event->wd == watch && event->mask == mask && !strcmp(event->name, name)) return 1;
      at += sizeof *event + event->len;
    }
  }
  return 0;
}

static void check_watch(void) {
  int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
  check(file >= 0);
  close(file);
  check(tells(second, IN_CREATE, "file"));
  check(rename(path, renamed) == 0);
  check(tells(second, IN_MOVED_TO, "renamed"));
  check(unlink(renamed) == 0);
}

int main(void) {
  // A folder that is on both sides, and of its own: what others do there would be unread events at the move.
  const char *folder = getenv("THREADS") ? "/tmp/hc-watched-threads" : "/tmp/hc-watched";
  check(mkdir(folder, 0700) == 0 || errno == EEXIST);
  snprintf(path, sizeof path, "%s/file", folder);
  snprintf(renamed, sizeof renamed, "%s/renamed", folder);
  watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  first = inotify_add_watch(watcher, "/dev/shm", IN_DELETE);
  second = inotify_add_watch(watcher, folder, IN_CREATE | IN_MOVED_TO);
  check(watcher >= 0 && first == 1 && second == 2);
  check(inotify_rm_watch(watcher, first) == 0);
  check_watch();
  hop();
  check_watch();
  check(fcntl(watcher, F_GETFD) == FD_CLOEXEC && fcntl(watcher, F_GETFL) & O_NONBLOCK);
  hop();
  check_watch();
  return finish("watches");
}
