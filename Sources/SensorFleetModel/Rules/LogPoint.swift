/// A place in a shard's log: a record's number and the epoch whose primary wrote it.
///
/// An epoch has one primary, and one process of it, so no two records share a place.
package struct LogPoint: Hashable, Sendable, CustomStringConvertible {
  /// The record's number, counted from 1.
  package let sequence: UInt64
  /// The epoch in which it was written.
  package let epoch: Epoch

  /// Before the first record.
  package static let start = LogPoint(sequence: 0, epoch: .zero)

  /// A place.
  package init(sequence: UInt64, epoch: Epoch) {
    self.sequence = sequence
    self.epoch = epoch
  }

  package var description: String { "\(self.sequence)@\(self.epoch)" }
}
