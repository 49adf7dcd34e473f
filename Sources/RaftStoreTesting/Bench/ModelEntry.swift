internal import Glibc
internal import Raft

/// One entry as the model knows it, or as a store gave it back.
struct ModelEntry: Sendable {
  let logID: LogID
  let kind: EntryKind
  let timestamp: Timestamp
  let membership: Membership?
  let payload: ArraySlice<UInt8>

  /// The entries of a slice, one by one.
  static func list(_ slice: EntrySlice) -> [ModelEntry] {
    let run = slice.chunk.run
    return (0..<slice.count).map { offset in
      let index = slice.first + offset
      return ModelEntry(
        logID: LogID(leader: run.leader, index: index), kind: run.kind, timestamp: run.timestamp,
        membership: run.membership, payload: slice.payload(at: index))
    }
  }

  /// Throws a deviation that names the first thing in which the found entry differs from this.
  func expectSame(_ found: ModelEntry) throws(Deviation) {
    let place = "entry \(self.logID.index)"
    try expect(found.logID, is: self.logID, "position of \(place)")
    try expect(found.kind, is: self.kind, "kind of \(place)")
    try expect(
      found.timestamp.nanoseconds, is: self.timestamp.nanoseconds,
      "nanoseconds in the timestamp of \(place)")
    guard found.membership == self.membership else {
      throw Deviation(
        expected: "membership of \(place): \(Self.wholly(self.membership))",
        found: "membership of \(place): \(Self.wholly(found.membership))")
    }
    try expect(found.payload.count, is: self.payload.count, "bytes of payload of \(place)")
    guard let offset = Self.firstDifference(self.payload, found.payload) else { return }
    try expect(
      found.payload[found.payload.startIndex + offset],
      is: self.payload[self.payload.startIndex + offset], "payload byte \(offset) of \(place)")
  }

  /// A membership with all that its own description leaves out.
  private static func wholly(_ membership: Membership?) -> String {
    guard let membership else { return "none" }
    let members = membership.members.map { member in
      let metadata = member.metadata.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      let life = member.incarnation.map(String.init(describing:)) ?? "-"
      return "\(member) \"\(member.name)\" {\(metadata)} \(life) \(member.role)"
        + (member.isPromotedWhenCaughtUp ? " promoted when caught up" : "")
    }
    return "\(membership), leaving \(membership.leavingRule), terms \(membership.terms), "
      + members.joined(separator: "; ")
  }

  /// Where two payloads of the same length differ first.
  private static func firstDifference(
    _ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>
  ) -> Int? {
    one.withUnsafeBytes { left in
      other.withUnsafeBytes { right in
        guard let one = left.baseAddress, let other = right.baseAddress,
          memcmp(one, other, left.count) != 0
        else { return nil }
        return left.indices.first { left[$0] != right[$0] }
      }
    }
  }
}
