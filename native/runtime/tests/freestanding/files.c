/* SPDX-License-Identifier: 0BSD */
#include "support.h"

#include "canonical.h"

static struct canonical_stat status;

static void say_status(const char *what, long result) {
  say(what, result);
  say("  mode", status.mode);
  say("  links", status.nlink);
  say("  size", (status.mode & 0170000) == 0040000 ? 0 : status.size);
  say("  blksize", status.blksize);
  say("  atime", status.times[0].seconds == 1000000000 ? 1 : 0);
  CHECK(status.ino && status.dev && !status.padding);
  CHECK((long)status.uid == CALL(getuid) && (long)status.gid == CALL(getgid));
}

static void opens_with_flags(void) {
  long fd = CALL(open, "file", O_RDWR | O_CREAT | O_EXCL, 0640);
  CHECK(fd >= 0);
  say("exclusive", CALL(open, "file", O_RDWR | O_CREAT | O_EXCL, 0640));
  say("write", CALL(write, fd, "hello", 5));
  say("file as directory", CALL(open, "file", O_DIRECTORY));
  say("directory", CALL(close, CALL(open, ".", O_DIRECTORY | O_CLOEXEC)));
  say("directory, openat", CALL(close, CALL(openat, AT_FDCWD, ".", O_DIRECTORY)));
  say("symlink", CALL(symlink, "file", "link"));
  say("follow", CALL(close, CALL(open, "link", O_RDONLY)));
  say("no follow", CALL(open, "link", O_NOFOLLOW));
  say("no follow, openat", CALL(openat, AT_FDCWD, "link", O_NOFOLLOW));
  struct {
    uint64_t flags, mode, resolve;
  } how = {O_NOFOLLOW, 0, 0};
  long result = CALL(openat2, AT_FDCWD, "link", &how, sizeof how);
  CHECK(result == -ELOOP || result == -ENOSYS); /* user-mode QEMU may not have it */
  result = CALL(openat2, AT_FDCWD, "link", &how, 4);
  CHECK(result == -EINVAL || result == -ENOSYS);
  result = CALL(open, ".", O_TMPFILE | O_RDWR, 0600);
  CHECK(result >= 0 || result == -EOPNOTSUPP);
  if (result >= 0) CALL(close, result);
  say("creat", CALL(close, CALL(creat, "other", 0600)));
  CALL(close, fd);
}

static void reports_status(void) {
  say("chmod", CALL(chmod, "file", 0604));
  say_status("stat", CALL(stat, "file", &status));
  say_status("stat link", CALL(stat, "link", &status));
  say_status("lstat", CALL(lstat, "link", &status));
  say_status("newfstatat", CALL(newfstatat, AT_FDCWD, "link", &status, 0x100));
  long fd = CALL(open, "file", O_RDONLY);
  say_status("fstat", CALL(fstat, fd, &status));
  CALL(close, fd);
  status.size = 77;
  say("stat of nothing", CALL(stat, "nothing", &status));
  say("  untouched", status.size);
  struct {
    long type, bsize, rest[13], guard;
  } space = {.guard = 5};
  say("statfs", CALL(statfs, ".", &space));
  CHECK(space.bsize >= 512 && space.guard == 5);
}

static void sets_times(void) {
  long seconds[2] = {1000000000, 1000000001};
  struct timeval times[2] = {{1000000000, 250000}, {1000000002, 999999}};
  say("utime", CALL(utime, "file", seconds));
  say_status("stat", CALL(stat, "file", &status));
  say("  mtime", status.times[1].seconds);
  say("utimes", CALL(utimes, "file", times));
  CALL(stat, "file", &status);
  say("  mtime", status.times[1].seconds);
  say("  nanoseconds", status.times[1].nanoseconds);
  times[1].microseconds = 0x3ffffffe; /* would be UTIME_OMIT */
  say("utimes, bad", CALL(utimes, "file", times));
  say("futimesat, now", CALL(futimesat, AT_FDCWD, "file", 0));
  CALL(stat, "file", &status);
  CHECK(status.times[0].seconds - CALL(time, 0) < 3 && CALL(time, 0) - status.times[0].seconds < 3);
}

static void keeps_flags(void) {
  int ends[2];
  say("pipe", CALL(pipe, ends));
  say("flags", CALL(fcntl, ends[1], 3));
  say("set flags", CALL(fcntl, ends[1], 4, O_NONBLOCK | O_APPEND));
  say("flags", CALL(fcntl, ends[1], 3));
  CALL(close, ends[0]);
  CALL(close, ends[1]);
  say("pipe2", CALL(pipe2, ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC));
  say("flags", CALL(fcntl, ends[1], 3));
  say("packet", CALL(fcntl, ends[1], 3) & O_DIRECT);
  say("descriptor flags", CALL(fcntl, ends[1], 1));
  say("empty", CALL(read, ends[0], &status, 1));
  long fd = CALL(open, ".", O_DIRECTORY | O_NOFOLLOW);
  say("directory's flags", CALL(fcntl, fd, 3) & (O_DIRECTORY | O_NOFOLLOW | O_DIRECT));
  struct {
    short type, whence;
    long start, length;
    int pid;
  } lock = {1, 0, 2, 3, 0};
  CALL(close, fd);
  fd = CALL(open, "file", O_RDWR);
  say("lock", CALL(fcntl, fd, 6, &lock));
  say("get lock", CALL(fcntl, fd, 5, &lock));
  say("  type", lock.type);
  say("dup2 to itself", CALL(dup2, fd, fd) == fd);
  say("dup2 to itself, closed", CALL(dup2, 99, 99));
  say("dup2", CALL(dup2, fd, 50));
  say("dup3 to itself", CALL(dup3, fd, fd, 0));
  for (int each = 3; each < 60; each++) CALL(close, each);
}

static void works_on_names(void) {
  char target[8] = "";
  say("access", CALL(access, "file", 4));
  say("mkdir", CALL(mkdir, "folder", 0750));
  say("rename", CALL(rename, "other", "folder/renamed"));
  say("link", CALL(link, "file", "folder/second"));
  say("readlink", CALL(readlink, "link", target, sizeof target));
  say_text("  to", target);
  say("chown", CALL(chown, "file", CALL(getuid), -1));
  say("lchown", CALL(lchown, "link", -1, CALL(getgid)));
  say("fifo", CALL(mknod, "folder/fifo", 0010600, 0));
  say("rmdir, not empty", CALL(rmdir, "folder"));
}

static void lists_old_records(void) {
  char buffer[4096];
  long fd = CALL(open, "folder", O_DIRECTORY);
  long length = CALL(getdents, fd, buffer, sizeof buffer), entries = 0, types = 0, letters = 0;
  CHECK(length > 0);
  for (long at = 0; at < length;) {
    struct canonical_dirent *entry = (void *)(buffer + at);
    CHECK(entry->ino && entry->length % 8 == 0);
    entries++;
    types += buffer[at + entry->length - 1];
    for (char *c = entry->name; *c; c++) letters += *c;
    at += entry->length;
  }
  say("entries", entries);
  say("types", types);
  say("letters", letters);
  CALL(close, fd);
  say("unlink", CALL(unlink, "folder/fifo"));
  say("unlink", CALL(unlink, "folder/second"));
  say("unlink", CALL(unlink, "folder/renamed"));
  say("rmdir", CALL(rmdir, "folder"));
}

static void reads_and_writes_at_offsets(void) {
  char text[16] = "";
  struct {
    void *base;
    size_t length;
  } part = {text, 3};
  long fd = CALL(open, "file", O_RDWR);
  say("pwrite64", CALL(pwrite64, fd, "0123456789", 10, 1L << 33));
  say("lseek", CALL(lseek, fd, 0, 2));
  say("preadv", CALL(preadv, fd, &part, 1, (1L << 33) + 4, 0));
  say_text("  text", text);
  say("ftruncate", CALL(ftruncate, fd, 5));
  say("fallocate", CALL(fallocate, fd, 1, 0, 8192));
  say("fadvise64", CALL(fadvise64, fd, 0, 4096, 4));
  say("pread64", CALL(pread64, fd, text, 16, 2));
  say("truncate", CALL(truncate, "file", 2));
  say("sendfile", CALL(sendfile, 1, fd, 0, 0));
  CALL(close, fd);
}

void run(void) {
  CALL(umask, 0);
  opens_with_flags();
  reports_status();
  sets_times();
  works_on_names();
  lists_old_records();
  reads_and_writes_at_offsets();
  keeps_flags();
}
