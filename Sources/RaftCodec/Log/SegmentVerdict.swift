/// What a scan found at the end of a segment's records.
@nonexhaustive
public enum SegmentVerdict: Hashable, Sendable {
  /// The records end here, and there is no trace of any more.
  ///
  /// If the segment is the last one, the next record goes here.
  case clean(SegmentPosition)
  /// The records end here; behind them lies what remains of a write that was never known to be
  /// synced, up to `leftoverUpTo` at the furthest.
  ///
  /// Nobody was ever told that the leftover is durable. The next record goes here, after the bytes
  /// up to `leftoverUpTo` were overwritten with zeros and that was synced; else a leftover record
  /// may one day fit again behind new ones.
  case torn(at: SegmentPosition, leftoverUpTo: Int)
  /// Records that were known to be synced are lost; the evidence says how that is known.
  ///
  /// What follows them may have been acknowledged to others. Nothing may be cut off here.
  case damaged(at: SegmentPosition, reason: CodecError, evidence: Evidence)
  /// The next record is whole, but only a newer build can read it.
  case unreadable(at: SegmentPosition, reason: CodecError)

  /// Why bytes that cannot be read any more are known to have been synced.
  public enum Evidence: Hashable, Sendable {
    /// The record at this offset, further on in the segment, vouches for them.
    case laterRecord(at: Int)
    /// The header of the segment that follows vouches for them.
    case nextSegment
  }
}

extension SegmentVerdict: CustomStringConvertible {
  /// What was found, where, and how it is known.
  public var description: String {
    switch self {
    case .clean(let end):
      "the records end before \(end)"
    case .torn(let end, let leftover):
      "the records end before \(end), an unfinished write reaches to byte \(leftover)"
    case .damaged(let place, let reason, .laterRecord(let witness)):
      "the records are damaged from \(place) on (\(reason)): the record at byte \(witness) vouches "
        + "that they were synced"
    case .damaged(let place, let reason, .nextSegment):
      "the records are damaged from \(place) on (\(reason)): the next segment vouches that they "
        + "were synced"
    case .unreadable(let place, let reason):
      "the record \(place) cannot be read by this build: \(reason)"
    }
  }
}
