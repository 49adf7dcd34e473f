#define _GNU_SOURCE
#include "medium.h"

#include "raft_faults.h"
#include "system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// One file of the disk: what of it was written since its last sync.
struct file {
  ino_t number;
  int object;
  off_t from;
  off_t to;
};

enum { FILES_MAX = 4096 };
static const off_t everything = INT64_MAX;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[FILES_MAX];
static int file_count;
static bool is_prepared;
static dev_t device;
static const char *data;
static const char *medium;

static void give_up(const char *what, const char *path) {
  fprintf(stderr, "raft-faults: %s %s: %s\n", what, path, strerror(errno));
  abort();
}

static void medium_path(char *path, const char *folder, ino_t number) {
  snprintf(path, PATH_MAX, "%s/%s/%ju", medium, folder, (uintmax_t)number);
}

static struct file *find(ino_t number) {
  for (int place = file_count - 1; place >= 0; place--)
    if (files[place].number == number) return &files[place];
  return NULL;
}

static void forget(struct file *file) {
  close(file->object);
  *file = files[--file_count];
}

// Takes a file to the list, with an object that is empty if it is new; `path` leads to the file.
static struct file *take(ino_t number, const char *path) {
  struct file *known = find(number);
  if (known != NULL) return known;
  char object[PATH_MAX], live[PATH_MAX], failed[PATH_MAX];
  medium_path(object, "objects", number);
  medium_path(live, "live", number);
  medium_path(failed, "failed", number);
  if (linkat(AT_FDCWD, path, AT_FDCWD, live, AT_SYMLINK_FOLLOW) != 0 && errno != EEXIST)
    return NULL;
  if (file_count == FILES_MAX) {
    errno = ENFILE;
    give_up("too many files for", medium);
  }
  struct file *file = &files[file_count++];
  file->number = number;
  file->object = open(object, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file->object < 0) give_up("cannot open", object);
  bool is_forgotten = unlink(failed) == 0;
  file->from = is_forgotten ? everything : 0;
  file->to = is_forgotten ? 0 : everything;
  return file;
}

// Brings what was written since the last sync to the object.
static void bring(struct file *file, int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) give_up("cannot look at", "a file");
  static char buffer[1 << 16];
  off_t end = file->to < status.st_size ? file->to : status.st_size;
  for (off_t offset = file->from; offset < end;) {
    off_t wanted = end - offset < (off_t)sizeof(buffer) ? end - offset : (off_t)sizeof(buffer);
    ssize_t count = pread(descriptor, buffer, wanted, offset);
    if (count <= 0) break;
    if (system_pwrite(file->object, buffer, count, offset) != count)
      give_up("cannot write to", medium);
    offset += count;
  }
  if (system_ftruncate(file->object, status.st_size) != 0) give_up("cannot cut", medium);
  file->from = everything;
  file->to = 0;
}

static void make_folder(const char *path) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST) give_up("cannot make", path);
}

// Puts the names of a folder of the disk into the medium's; `is_whole`: and all that is below,
// with its content, as at the first start on files that are there.
static void bring_names(const char *folder, bool is_whole) {
  char path[PATH_MAX], target[PATH_MAX], object[PATH_MAX], unfinished[PATH_MAX];
  snprintf(target, PATH_MAX, "%s/tree%s", medium, folder + strlen(data));
  make_folder(target);
  snprintf(unfinished, PATH_MAX, "%s/unfinished", medium);
  DIR *stream = opendir(folder);
  if (stream == NULL) return;
  for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    snprintf(path, PATH_MAX, "%s/%s", folder, entry->d_name);
    snprintf(target, PATH_MAX, "%s/tree%s/%s", medium, folder + strlen(data), entry->d_name);
    struct stat status, there, kept;
    if (lstat(path, &status) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      make_folder(target);
      if (is_whole) bring_names(path, true);
      continue;
    }
    if (!S_ISREG(status.st_mode)) continue;
    struct file *file = take(status.st_ino, path);
    if (file == NULL) continue;
    if (is_whole) {
      int descriptor = open(path, O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) give_up("cannot open", path);
      bring(file, descriptor);
      close(descriptor);
    }
    if (stat(target, &there) == 0 && fstat(file->object, &kept) == 0
        && there.st_ino == kept.st_ino)
      continue;
    medium_path(object, "objects", status.st_ino);
    unlink(unfinished);
    if (link(object, unfinished) != 0 || system_rename(unfinished, target) != 0)
      give_up("cannot name", target);
  }
  closedir(stream);
}

// Takes names from the medium that the folder has no more.
static void drop_names(const char *folder) {
  char path[PATH_MAX], target[PATH_MAX];
  snprintf(target, PATH_MAX, "%s/tree%s", medium, folder + strlen(data));
  DIR *stream = opendir(target);
  if (stream == NULL) return;
  for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
    struct stat status;
    snprintf(path, PATH_MAX, "%s/%s", folder, entry->d_name);
    snprintf(target, PATH_MAX, "%s/tree%s/%s", medium, folder + strlen(data), entry->d_name);
    if (lstat(path, &status) != 0 && errno == ENOENT) unlink(target);
  }
  closedir(stream);
}

// Forgets files that have a name neither on the disk nor on the medium.
static void drop_nameless(void) {
  for (int place = file_count - 1; place >= 0; place--) {
    char live[PATH_MAX], object[PATH_MAX], failed[PATH_MAX];
    struct stat status, kept;
    medium_path(live, "live", files[place].number);
    if (stat(live, &status) != 0 || status.st_nlink > 1) continue;
    if (fstat(files[place].object, &kept) != 0 || kept.st_nlink > 1) continue;
    medium_path(object, "objects", files[place].number);
    medium_path(failed, "failed", files[place].number);
    unlink(object);
    unlink(failed);
    unlink(live);
    forget(&files[place]);
  }
}

// Goes on with the medium that is there, or makes one of the disk as it is; locked.
static bool prepare(void) {
  if (is_prepared) return data != NULL;
  is_prepared = true;
  data = getenv("RAFT_FAULTS_DATA");
  medium = getenv("RAFT_FAULTS_MEDIUM");
  if (data == NULL || medium == NULL || getenv("RAFT_FAULTS_CONTROL") == NULL) {
    data = NULL;
    return false;
  }
  char path[PATH_MAX];
  struct stat status;
  snprintf(path, PATH_MAX, "%s/tree", medium);
  bool is_new = stat(path, &status) != 0;
  make_folder(medium);
  if (stat(medium, &status) != 0) give_up("cannot look at", medium);
  device = status.st_dev;
  for (int place = 0; place < 3; place++) {
    static const char *const folders[] = {"objects", "live", "failed"};
    snprintf(path, PATH_MAX, "%s/%s", medium, folders[place]);
    make_folder(path);
  }
  if (is_new) {
    bring_names(data, true);
    return true;
  }
  snprintf(path, PATH_MAX, "%s/live", medium);
  DIR *stream = opendir(path);
  if (stream == NULL) give_up("cannot list", path);
  for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
    ino_t number = strtoumax(entry->d_name, NULL, 10);
    if (number == 0) continue;
    char live[PATH_MAX];
    medium_path(live, "live", number);
    take(number, live);
  }
  closedir(stream);
  return true;
}

// The path behind a descriptor, if it is in the folder.
static bool path_of(int descriptor, char *path) {
  char name[64];
  snprintf(name, sizeof(name), "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(name, path, PATH_MAX - 1);
  if (length <= 0) return false;
  path[length] = 0;
  size_t prefix = strlen(data);
  return strncmp(path, data, prefix) == 0 && (path[prefix] == '/' || path[prefix] == 0);
}

bool medium_is_file(int descriptor, off_t *size) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  pthread_mutex_lock(&lock);
  char path[PATH_MAX];
  bool is_file = prepare() && status.st_dev == device
    && (find(status.st_ino) != NULL || path_of(descriptor, path));
  pthread_mutex_unlock(&lock);
  if (size != NULL) *size = status.st_size;
  return is_file;
}

void medium_wrote(int descriptor, off_t offset, size_t length) {
  struct stat status;
  if (length == 0 || fstat(descriptor, &status) != 0) return;
  pthread_mutex_lock(&lock);
  struct file *file = prepare() ? find(status.st_ino) : NULL;
  if (file != NULL) {
    if (offset < file->from) file->from = offset;
    if (offset + (off_t)length > file->to) file->to = offset + length;
  }
  pthread_mutex_unlock(&lock);
}

void medium_resized(int descriptor) { medium_wrote(descriptor, 0, everything); }

void medium_synced(int descriptor) {
  struct stat status;
  char path[PATH_MAX];
  if (fstat(descriptor, &status) != 0) return;
  pthread_mutex_lock(&lock);
  if (prepare() && raft_faults_word(RAFT_FAULTS_LYING_SYNCS) == 0) {
    if (S_ISDIR(status.st_mode)) {
      if (path_of(descriptor, path)) {
        bring_names(path, false);
        drop_names(path);
        drop_nameless();
      }
    } else if (status.st_dev == device
               && (find(status.st_ino) != NULL || path_of(descriptor, path))) {
      snprintf(path, PATH_MAX, "/proc/self/fd/%d", descriptor);
      struct file *file = take(status.st_ino, path);
      if (file != NULL) bring(file, descriptor);
    }
  }
  pthread_mutex_unlock(&lock);
}

void medium_sync_failed(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  pthread_mutex_lock(&lock);
  char path[PATH_MAX];
  if (prepare()) {
    snprintf(path, PATH_MAX, "/proc/self/fd/%d", descriptor);
    struct file *file = take(status.st_ino, path);
    if (file != NULL) {
      file->from = everything;
      file->to = 0;
      medium_path(path, "failed", status.st_ino);
      int mark = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      if (mark >= 0) close(mark);
    }
  }
  pthread_mutex_unlock(&lock);
}

void medium_renames(const char *path) {
  pthread_mutex_lock(&lock);
  if (prepare() && strcmp(path, data) == 0) {
    while (file_count > 0) forget(&files[file_count - 1]);
    char aside[PATH_MAX];
    struct stat status;
    for (int number = 1;; number++) {
      snprintf(aside, PATH_MAX, "%s.%d", medium, number);
      if (stat(aside, &status) != 0) break;
    }
    if (system_rename(medium, aside) != 0) give_up("cannot set aside", medium);
    is_prepared = false;
  }
  pthread_mutex_unlock(&lock);
}
