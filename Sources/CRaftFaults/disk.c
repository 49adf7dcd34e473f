#define _GNU_SOURCE
#include "medium.h"
#include "raft_faults.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

// The calls through which a server reaches its disk: with faults, and with the medium behind them.

// Waits as long as the disk hangs.
static void wait_for_disk(void) {
  if (raft_faults_word(RAFT_FAULTS_STALL) == 0) return;
  raft_faults_add(RAFT_FAULTS_SEEN_STALLED, 1);
  const struct timespec pause = {.tv_nsec = 1000000};
  while (raft_faults_word(RAFT_FAULTS_STALL) != 0) nanosleep(&pause, NULL);
}

// Whether this call is one of those that fail.
static bool takes_failure(enum raft_faults_word word) {
  if (raft_faults_word(word) <= 0) return false;
  raft_faults_add(word, -1);
  raft_faults_add(RAFT_FAULTS_SEEN_FAILED, 1);
  return true;
}

// How many of the bytes by which a file is to grow there is room for.
static off_t take_room(off_t wanted) {
  int64_t free = raft_faults_word(RAFT_FAULTS_FREE_BYTES);
  if (free < 0 || wanted <= 0) return wanted;
  off_t granted = wanted < free ? wanted : free;
  raft_faults_add(RAFT_FAULTS_FREE_BYTES, -granted);
  if (granted < wanted) raft_faults_add(RAFT_FAULTS_SEEN_FULL, 1);
  return granted;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  off_t size;
  if (!medium_is_file(descriptor, &size)) return system_pwrite(descriptor, bytes, count, offset);
  wait_for_disk();
  if (takes_failure(RAFT_FAULTS_FAIL_WRITES)) {
    // A part may have been written.
    ssize_t part = system_pwrite(descriptor, bytes, count / 2, offset);
    if (part > 0) medium_wrote(descriptor, offset, part);
    errno = EIO;
    return -1;
  }
  off_t growth = offset + (off_t)count - size;
  if (growth > 0) {
    off_t room = take_room(growth);
    count -= growth - room < (off_t)count ? growth - room : (off_t)count;
    if (room < growth && count == 0) {
      errno = ENOSPC;
      return -1;
    }
  }
  ssize_t result = system_pwrite(descriptor, bytes, count, offset);
  if (result > 0) medium_wrote(descriptor, offset, result);
  return result;
}

static int sync_with(int descriptor, int (*original)(int)) {
  if (medium_is_file(descriptor, NULL)) {
    wait_for_disk();
    if (takes_failure(RAFT_FAULTS_FAIL_SYNCS)) {
      medium_sync_failed(descriptor);
      errno = EIO;
      return -1;
    }
    raft_faults_add(RAFT_FAULTS_SEEN_SYNCS, 1);
  }
  int result = original(descriptor);
  if (result == 0) medium_synced(descriptor);
  return result;
}

int fsync(int descriptor) { return sync_with(descriptor, system_fsync); }

int fdatasync(int descriptor) { return sync_with(descriptor, system_fdatasync); }

int ftruncate(int descriptor, off_t size) {
  int result = system_ftruncate(descriptor, size);
  if (result == 0 && medium_is_file(descriptor, NULL)) medium_resized(descriptor);
  return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
  off_t size;
  if (medium_is_file(descriptor, &size)) {
    off_t growth = offset + length - size;
    if (growth > 0 && take_room(growth) < growth) return ENOSPC;
  }
  return system_posix_fallocate(descriptor, offset, length);
}

int rename(const char *path, const char *new_path) {
  medium_renames(path);
  return system_rename(path, new_path);
}

int statvfs(const char *restrict path, struct statvfs *restrict record) {
  int result = system_statvfs(path, record);
  int64_t free = raft_faults_word(RAFT_FAULTS_FREE_BYTES);
  if (result == 0 && free >= 0 && record->f_frsize > 0) {
    fsblkcnt_t blocks = (fsblkcnt_t)free / record->f_frsize;
    if (blocks < record->f_bavail) record->f_bavail = blocks;
  }
  return result;
}
