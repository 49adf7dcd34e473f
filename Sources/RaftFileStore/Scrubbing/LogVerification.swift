public import Raft

/// What a file store found when it read the complete files of its log again.
public struct LogVerification: Hashable, Sendable {
  /// How many files were read.
  public internal(set) var fileCount = 0
  /// How many bytes were read.
  public internal(set) var byteCount = 0
  /// What cannot be read any more: each with the file, the place in it, and the last entry before.
  public internal(set) var damage: [StorageError] = []
}
