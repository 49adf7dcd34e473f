#define _GNU_SOURCE
#include "CRaftFiles.h"

#include <errno.h>
#include <fcntl.h>

int raft_begin_writeback(int file, int64_t offset, int64_t count) {
  // Without the flags that wait: they would take the device's errors from the next sync.
  int result = sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
  return result != 0 && (errno == EINVAL || errno == ENOSYS || errno == ESPIPE) ? 0 : result;
}
