#ifndef RAFT_FAULTS_SYSTEM_H
#define RAFT_FAULTS_SYSTEM_H

#include <sys/statvfs.h>
#include <sys/types.h>

// The system's own functions, behind those of this library that have their names.

ssize_t system_pwrite(int descriptor, const void *bytes, size_t count, off_t offset);
int system_fsync(int descriptor);
int system_fdatasync(int descriptor);
int system_ftruncate(int descriptor, off_t size);
int system_posix_fallocate(int descriptor, off_t offset, off_t length);
int system_rename(const char *path, const char *new_path);
int system_statvfs(const char *path, struct statvfs *record);

#endif
