#ifndef CRAFT_FILES_H
#define CRAFT_FILES_H

// What Linux offers for files and Swift's Glibc module leaves out.

#include <stdint.h>

/// Has the system begin to write these bytes of a file to its device, and does not wait for that.
/// Returns 0, also where the file system knows no such wish, or -1 with errno set.
int raft_begin_writeback(int file, int64_t offset, int64_t count);

#endif
