#ifndef RAFT_FAULTS_MEDIUM_H
#define RAFT_FAULTS_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// What would survive a power cut, kept beside the folder whose files are the disk. All functions
// may be called from any thread, and do nothing for descriptors outside of the folder.

/// Whether the descriptor is a file that is written to the disk; its size, if so.
bool medium_is_file(int descriptor, off_t *size);
/// These bytes were written.
void medium_wrote(int descriptor, off_t offset, size_t length);
/// The file may have lost bytes and got zeros in their place.
void medium_resized(int descriptor);
/// A sync of a file or a directory returned.
void medium_synced(int descriptor);
/// A sync failed: what was to be written is forgotten until it is written again.
void medium_sync_failed(int descriptor);
/// A path is about to be renamed; if it is the folder itself, its medium is set aside.
void medium_renames(const char *path);

#endif
