#define _GNU_SOURCE
#include "system.h"

#include <dlfcn.h>
#include <stddef.h>

#define SYSTEM(result, name, parameters, arguments)                                              \
  result system_##name parameters {                                                              \
    static result(*found) parameters;                                                            \
    if (found == NULL) found = (result(*) parameters)dlsym(RTLD_NEXT, #name);                    \
    return found arguments;                                                                      \
  }

SYSTEM(
  ssize_t, pwrite, (int descriptor, const void *bytes, size_t count, off_t offset),
  (descriptor, bytes, count, offset))
SYSTEM(int, fsync, (int descriptor), (descriptor))
SYSTEM(int, fdatasync, (int descriptor), (descriptor))
SYSTEM(int, ftruncate, (int descriptor, off_t size), (descriptor, size))
SYSTEM(
  int, posix_fallocate, (int descriptor, off_t offset, off_t length),
  (descriptor, offset, length))
SYSTEM(int, rename, (const char *path, const char *new_path), (path, new_path))
SYSTEM(int, statvfs, (const char *path, struct statvfs *record), (path, record))
