#ifndef RAFT_FAULTS_H
#define RAFT_FAULTS_H

#include <stdint.h>

/// A library that is loaded before a server (LD_PRELOAD), and stands between it and the system's
/// disk, wall clock and connections. The server itself is the one that is shipped.
///
/// Three names in the environment say what it works on; without the first it does nothing:
///
///   RAFT_FAULTS_CONTROL  a file of RAFT_FAULTS_WORDS words, which both sides map
///   RAFT_FAULTS_DATA     the folder whose files are the disk
///   RAFT_FAULTS_MEDIUM   where to keep what would survive a power cut; on the same file system
///
/// Of writes it sees pwrite(2), with which RaftFiles writes.
///
/// The medium has four folders. objects/N is the content of the file with inode N as of its last
/// sync. tree has the names as of the last syncs of their directories, each a link to an object.
/// live/N is a link to the file itself, which so keeps its number. failed/N says that a sync of the
/// file failed, after which a system forgets what was to be written.

/// The words of the control file.
enum raft_faults_word {
  /// How many bytes files may still grow by; negative: no bound.
  RAFT_FAULTS_FREE_BYTES = 0,
  /// So many of the next writes fail with EIO.
  RAFT_FAULTS_FAIL_WRITES = 1,
  /// So many of the next syncs fail with EIO.
  RAFT_FAULTS_FAIL_SYNCS = 2,
  /// Writes and syncs do not return while this is not 0.
  RAFT_FAULTS_STALL = 3,
  /// Added to the wall clock, in nanoseconds.
  RAFT_FAULTS_CLOCK_OFFSET = 4,
  /// Syncs say that they are done, and nothing reaches the medium, while this is not 0: a planted
  /// mistake, to see that it is noticed.
  RAFT_FAULTS_LYING_SYNCS = 5,
  /// How many of the pairs at the end count.
  RAFT_FAULTS_REDIRECTIONS = 6,
  /// What happened, counted here: refused for lack of space, failed, held back; syncs; readings of
  /// a clock that is off.
  RAFT_FAULTS_SEEN_FULL = 8,
  RAFT_FAULTS_SEEN_FAILED = 9,
  RAFT_FAULTS_SEEN_STALLED = 10,
  RAFT_FAULTS_SEEN_SYNCS = 11,
  RAFT_FAULTS_SEEN_SHIFTED = 12,
  /// Pairs of ports of this machine: connections to the first go to the second.
  RAFT_FAULTS_FIRST_REDIRECTION = 16,
  RAFT_FAULTS_WORDS = 512
};

/// One word of the control file, or its default where there is none.
int64_t raft_faults_word(enum raft_faults_word word);

/// Sets one word, if there is a control file.
void raft_faults_set(enum raft_faults_word word, int64_t value);

/// Adds to one word, if there is a control file.
void raft_faults_add(enum raft_faults_word word, int64_t value);

#endif
