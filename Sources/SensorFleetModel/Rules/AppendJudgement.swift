/// What a replica does with records that a primary sends it.
package enum AppendJudgement: Equatable, Sendable {
  /// The sender is no primary any more: a later epoch is known here.
  case refuse(known: Epoch)
  /// The record before the first one is missing here, or another; it may agree up to this number.
  case mismatch(agreesThrough: UInt64)
  /// Remove everything behind `keep`, then store all records but the first `known` ones.
  case store(keep: UInt64, known: Int)

  /// Judges records that follow `previous` in the log of an epoch's primary.
  ///
  /// What is here already stays; it is cut off only where a record of another epoch contradicts
  /// it. So an old message that arrives late does no harm.
  ///
  /// - Parameters:
  ///   - epoch: The epoch in which they are sent.
  ///   - known: The latest epoch that this replica has heard of.
  ///   - previous: The record before the first one.
  ///   - records: The places of the records, in order.
  ///   - shape: What is stored here.
  package init(
    epoch: Epoch, known: Epoch, previous: LogPoint, records: [LogPoint], in shape: LogShape
  ) {
    guard epoch >= max(known, shape.last.epoch) else {
      self = .refuse(known: max(known, shape.last.epoch))
      return
    }
    guard let here = shape.point(at: previous.sequence) else {
      self = .mismatch(agreesThrough: shape.last.sequence)
      return
    }
    guard here == previous else {
      self = .mismatch(agreesThrough: shape.beforeEpoch(of: previous.sequence))
      return
    }
    let count = records.prefix { shape.point(at: $0.sequence) == $0 }.count
    let isWhole = count == records.count
    let end = isWhole ? shape.last.sequence : previous.sequence + UInt64(count)
    self = .store(keep: end, known: count)
  }
}
