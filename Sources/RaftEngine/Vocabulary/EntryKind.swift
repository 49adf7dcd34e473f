/// What an entry is for.
///
/// The numbers are part of the disk and wire formats. A number that a build does not know is
/// never skipped: whoever reads it stops with an error.
public enum EntryKind: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing to apply: a new leader's first entry, or a barrier.
  case blank = 0
  /// A command of the application.
  case command = 1
  /// A membership: who belongs to the cluster and whose votes count.
  case membership = 2
  /// Reserved: opening, renewal or end of a client session.
  case session = 3
  /// Reserved: the record of an operator's unsafe recovery.
  case recovery = 4
  /// A command without its payload, which is kept from a witness: its position is all that the
  /// witness gets and holds.
  case withheld = 5
}
