public import Raft

/// Bytes of a file store that were changed after they were written, or that are gone.
public struct StoreDamage: Hashable, Sendable {
  /// What to do about damage to the log, or to all snapshots.
  public static let advice =
    "Do not start the node on it and do not cut anything off: others may count on what is lost. "
    + "Keep the directory as evidence, and bring the node back with an empty one from the cluster"

  /// The file, or the directory that lacks one.
  public let path: String
  /// The place in the file, in bytes from its beginning; `nil` if no single place is meant.
  public let offset: Int?
  /// The last entry of the log before the place; `nil` if there is none, or if a snapshot is meant.
  public internal(set) var lastReadable: LogID?
  /// The entries of the log that cannot be read any more, as far as that is known.
  public internal(set) var lost: ClosedRange<LogIndex>?
  /// What is wrong there.
  public let reason: String

  init(
    _ path: String, at offset: Int? = nil, after last: LogID? = nil,
    losing lost: ClosedRange<LogIndex>? = nil, _ reason: String
  ) {
    self.path = path
    self.offset = offset
    self.lastReadable = last
    self.lost = lost
    self.reason = reason
  }

  /// Damage of which an error tells.
  init(
    _ error: StorageError, _ path: String, at offset: Int? = nil, after last: LogID? = nil,
    losing lost: ClosedRange<LogIndex>? = nil
  ) {
    self.init(path, at: offset, after: last, losing: lost, error.reason(of: path))
  }
}

extension StoreDamage: CustomStringConvertible {
  /// Where, what, and which entries it concerns.
  public var description: String {
    let place = self.offset.map { ", byte \($0)" } ?? ""
    let last = self.lastReadable.map { "; the last entry before it is \($0)" } ?? ""
    let lost = self.lost.map { "; entries \($0.lowerBound) to \($0.upperBound) are lost" } ?? ""
    return "\(self.path)\(place): \(self.reason)\(last)\(lost)"
  }
}

extension StorageError {
  /// What a store answers that meets this damage.
  init(_ damage: StoreDamage) {
    self = .damaged(damage.path, damage.reason)
  }
}
