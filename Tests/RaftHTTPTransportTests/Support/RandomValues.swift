import Raft

/// Random values of the vocabulary, the same for the same seed.
struct RandomValues {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    self.generator = SeededGenerator(seed: seed)
  }

  mutating func number(_ range: ClosedRange<UInt64>) -> UInt64 {
    .random(in: range, using: &self.generator)
  }

  /// A number of any size, small ones as often as large ones.
  mutating func number() -> UInt64 {
    self.generator.next() >> self.number(0...63)
  }

  mutating func coin() -> Bool { self.number(0...1) == 1 }

  /// Sometimes nothing.
  mutating func maybe<Value>(_ value: (inout RandomValues) -> Value) -> Value? {
    self.coin() ? value(&self) : nil
  }

  mutating func ordinal() -> UInt64 { self.number() >> 2 }

  mutating func nodeID() -> NodeID { NodeID(self.number()) }

  mutating func leader() -> LeaderID { LeaderID(term: Term(self.ordinal()), node: self.nodeID()) }

  mutating func logID() -> LogID { LogID(leader: self.leader(), index: LogIndex(self.ordinal())) }

  mutating func vote() -> Vote { Vote(leader: self.leader(), isCommitted: self.coin()) }

  mutating func incarnation() -> Incarnation { Incarnation(self.number()) }

  mutating func cluster() -> ClusterID {
    ClusterID(
      high: self.number(), low: self.number(),
      generation: UInt32(truncatingIfNeeded: self.number()))
  }

  mutating func text() -> String {
    let pieces = ["", "a", "\"", "\\", "\n", "\u{0}", "é", "e\u{301}", "🦊", "127.0.0.1:1", "/"]
    return (0..<self.number(0...4))
      .map { _ in pieces[Int(self.number(0...UInt64(pieces.count - 1)))] }.joined()
  }

  mutating func bytes() -> [UInt8] {
    (0..<self.number(0...40)).map { _ in UInt8(truncatingIfNeeded: self.number()) }
  }

  mutating func member(_ id: NodeID) -> Member {
    var member = Member(id: id, address: self.text(), name: self.text())
    for _ in 0..<self.number(0...3) { member.metadata[self.text()] = self.text() }
    if self.coin() { member.metadata["api"] = self.text() }
    member.incarnation = self.maybe { $0.incarnation() }
    member.role = self.coin() ? .replica : .witness
    member.isPromotedWhenCaughtUp = self.coin()
    return member
  }

  mutating func membership() -> Membership {
    let ids = Set((0..<self.number(1...6)).map { _ in self.nodeID() }).sorted()
    func some(_ values: inout RandomValues) -> [NodeID] {
      let chosen = ids.filter { _ in values.coin() }
      return chosen.isEmpty ? [ids[0]] : chosen
    }
    let terms = Membership.Terms(
      cluster: self.maybe { $0.cluster() },
      leadershipRule: self.coin() ? .manyPerTerm : .onePerTerm,
      largestPromise: self.maybe { Int64($0.ordinal()) },
      featureLevel: UInt32(self.number(0...3)))
    let configurations = self.coin() ? [some(&self)] : [some(&self), some(&self)]
    let members = ids.map { self.member($0) }
    do throws(MembershipError) {
      return try Membership(
        configurations: configurations, members: members,
        leavingRule: self.coin() ? .retain : .drop(except: some(&self)), terms: terms)
    } catch .witnessMajority {
      return self.membership()
    } catch {
      preconditionFailure("\(error)")
    }
  }

  mutating func logged() -> LoggedMembership {
    let logID = self.logID()
    return self.coin() ? .none : LoggedMembership(logID: logID, membership: self.membership())
  }

  mutating func contact() -> Contact {
    Contact(
      protocolVersion: UInt32(self.number(0...3)), group: self.number(0...2),
      cluster: self.maybe { $0.cluster() }, sender: self.nodeID(),
      senderIncarnation: self.maybe { $0.incarnation() }, receiver: self.nodeID(),
      receiverIncarnation: self.maybe { $0.incarnation() },
      leadershipRule: self.maybe { $0.coin() ? .manyPerTerm : .onePerTerm })
  }

  /// Entries that may follow each other, in slices of any size.
  mutating func append() -> AppendRequest {
    let previous = self.maybe { LogID(leader: $0.leader(), index: LogIndex($0.number(0...1000))) }
    let header = AppendHeader(
      vote: self.vote(), previous: previous, committed: self.maybe { $0.logID() },
      promise: Int64(self.ordinal()), session: self.number())
    var first = previous.map(\.index.next) ?? 0
    var entries: [EntrySlice] = []
    for _ in 0..<self.number(0...4) {
      let slice = self.slice(from: first)
      first = slice.last.next
      entries.append(slice)
    }
    return AppendRequest(contact: self.contact(), header: header, entries: entries)
  }

  private mutating func slice(from first: LogIndex) -> EntrySlice {
    let time = Timestamp(nanoseconds: self.number(0...2))
    guard self.number(0...3) > 0 else {
      return EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: self.leader(), first: first, count: 1, byteCount: 0, kind: .membership,
            timestamp: time, membership: self.membership())))
    }
    let texts = ["1", "null", "[]", #"{"a": [1]}"#, #"{"Normal":{"b":1,"b":2}}"#, "{", "", " 1"]
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    let isBlank = self.number(0...3) == 0
    for _ in 0..<self.number(1...5) {
      if !isBlank {
        let text = texts[Int(self.number(0...UInt64(texts.count - 1)))]
        bytes += self.coin() ? Array(text.utf8) : self.bytes()
      }
      ends.append(UInt32(bytes.count))
    }
    let run = EntryRun(
      leader: self.leader(), first: first, count: ends.count, byteCount: bytes.count,
      kind: isBlank ? .blank : .command, timestamp: time)
    return EntrySlice(EntryChunk(run: run, bytes: bytes, ends: ends))
  }
}

/// One entry by its content, however it is cut into slices and chunks.
struct PlainEntry: Hashable {
  let logID: LogID
  let kind: EntryKind
  let timestamp: Timestamp
  let membership: Membership?
  let payload: [UInt8]
}

extension AppendRequest {
  /// The entries one by one.
  var plainEntries: [PlainEntry] {
    self.entries.flatMap { slice in
      (slice.first...slice.last).map { index in
        let run = slice.chunk.run
        return PlainEntry(
          logID: LogID(leader: run.leader, index: index), kind: run.kind,
          timestamp: run.timestamp, membership: run.membership,
          payload: Array(slice.payload(at: index)))
      }
    }
  }
}
