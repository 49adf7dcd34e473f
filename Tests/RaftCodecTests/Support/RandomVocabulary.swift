import RaftCodec
import RaftEngine

/// Draws values of every type that has an encoding, small and extreme ones.
struct RandomVocabulary {
  var random: SeededGenerator

  init(seed: UInt64) {
    self.random = SeededGenerator(seed: seed)
  }

  mutating func chance(_ oneIn: Int = 2) -> Bool {
    Int.random(in: 0..<oneIn, using: &self.random) == 0
  }

  mutating func count(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &self.random) }

  mutating func number(below limit: UInt64 = .max) -> UInt64 {
    switch self.count(3) {
    case 0: 0
    case 1: limit - 1
    case 2: UInt64.random(in: 0..<min(1000, limit), using: &self.random)
    default: UInt64.random(in: 0..<limit, using: &self.random)
    }
  }

  mutating func maybe<Value>(_ draw: (inout Self) -> Value) -> Value? {
    self.chance() ? draw(&self) : nil
  }

  mutating func list<Value>(_ limit: Int, _ draw: (inout Self) -> Value) -> [Value] {
    (0..<self.count(limit)).map { _ in draw(&self) }
  }

  mutating func bytes(_ limit: Int) -> [UInt8] { self.list(limit) { $0.random.byte() } }

  mutating func text() -> String {
    self.list(6) { ["a", "z", "é", "e\u{301}", "日", "🚀", "\0", "127.0.0.1:1"][$0.count(7)] }
      .joined()
  }

  mutating func node() -> NodeID { NodeID(self.number()) }
  mutating func incarnation() -> Incarnation { Incarnation(self.number()) }
  mutating func term() -> Term { Term(self.number(below: 1 << 63)) }
  mutating func index() -> LogIndex { LogIndex(self.number(below: 1 << 63)) }
  mutating func leader() -> LeaderID { LeaderID(term: self.term(), node: self.node()) }
  mutating func vote() -> Vote { Vote(leader: self.leader(), isCommitted: self.chance()) }
  mutating func logID() -> LogID { LogID(leader: self.leader(), index: self.index()) }
  mutating func nanoseconds() -> Int64 { Int64(self.number(below: 1 << 63)) }

  mutating func cluster() -> ClusterID {
    ClusterID(
      high: self.number(), low: self.number(),
      generation: UInt32(truncatingIfNeeded: self.number()))
  }

  mutating func digest() -> StateDigest { StateDigest(index: self.index(), value: self.number()) }

  mutating func member(_ id: NodeID) -> Member {
    var metadata: [String: String] = [:]
    for _ in 0..<self.count(4) { metadata[self.text()] = self.text() }
    return Member(
      id: id, address: self.text(), name: self.text(), metadata: metadata,
      incarnation: self.maybe { $0.incarnation() }, role: self.chance() ? .replica : .witness,
      isPromotedWhenCaughtUp: self.chance())
  }

  mutating func membership() -> Membership {
    let ids = Array(Set((0...self.count(5)).map { _ in self.node() }))
    let members = ids.map { self.member($0) }
    let configurations = (0...self.count(1)).map { _ in
      Array(ids.shuffled(using: &self.random).prefix(1 + self.count(ids.count - 1)))
    }
    let terms = Membership.Terms(
      cluster: self.maybe { $0.cluster() },
      leadershipRule: self.chance() ? .manyPerTerm : .onePerTerm,
      largestPromise: self.maybe { $0.nanoseconds() },
      featureLevel: UInt32(truncatingIfNeeded: self.number()))
    let rule: Membership.LeavingRule =
      self.chance() ? .retain : .drop(except: self.list(3) { $0.node() })
    do throws(MembershipError) {
      return try Membership(
        configurations: configurations, members: members, leavingRule: rule, terms: terms)
    } catch .witnessMajority {
      return self.membership()
    } catch {
      preconditionFailure("\(error)")
    }
  }

  mutating func loggedMembership() -> LoggedMembership {
    self.chance(3) ? .none : LoggedMembership(logID: self.logID(), membership: self.membership())
  }

  mutating func snapshotMeta() -> SnapshotMeta {
    SnapshotMeta(
      lastLogID: self.logID(), membership: self.loggedMembership(),
      timestamp: Timestamp(nanoseconds: self.number()),
      form: self.chance() ? .data : .handle, byteCount: self.number(), contentHash: self.number())
  }

  /// A block, which may be a part of a larger batch.
  mutating func block() -> EntryBlock {
    let leader = self.leader()
    let first = LogIndex(self.number(below: 1 << 62))
    let timestamp = Timestamp(nanoseconds: self.number())
    if self.chance(4) {
      let run = EntryRun(
        leader: leader, first: first, count: 1, byteCount: 0, kind: .membership,
        timestamp: timestamp, membership: self.membership())
      return EntryBlock(run: run, bytes: [], ends: [0])
    }
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    for _ in 0...self.count(9) {
      bytes += self.bytes(20)
      ends.append(UInt32(bytes.count))
    }
    let lower = self.chance() ? 0 : self.count(ends.count - 1)
    let offsets = lower..<(lower + 1 + self.count(ends.count - 1 - lower))
    let start = lower == 0 ? 0 : ends[lower - 1]
    let run = EntryRun(
      leader: leader, first: first, count: offsets.count,
      byteCount: Int(ends[offsets.upperBound - 1] - start),
      kind: [.blank, .command, .session, .recovery][self.count(3)], timestamp: timestamp)
    return EntryBlock(run: run, bytes: bytes, ends: ends, offsets: offsets)
  }

  mutating func record() -> LogRecord {
    switch self.count(8) {
    case 0: .vote(self.vote())
    case 1: .truncate(after: self.maybe { $0.logID() })
    case 2: .purge(through: self.logID())
    case 3: .commitWatermark(self.logID())
    case 4: .snapshotInstalled(through: self.logID(), contentHash: self.number())
    case 5: .seal
    case 6: .cluster(self.cluster())
    case 7: .index(self.segmentIndex())
    default: .entries(self.block())
    }
  }

  mutating func segmentIndex() -> SegmentIndex {
    let start = LogIndex(self.number(below: 1 << 40))
    var index = SegmentIndex(continuing: LogID(leader: self.leader(), index: start))
    var offset = SegmentHeader.size
    for _ in 0..<self.count(6) {
      let run = EntryRun(
        leader: self.leader(), first: index.next, count: 1 + self.count(9), byteCount: 0,
        kind: .command, timestamp: Timestamp(nanoseconds: self.number()))
      index.append(run, at: offset)
      offset += 8 * (1 + self.count(9_000))
      if self.count(2) == 0 { index.truncate(after: LogID(leader: run.leader, index: run.first)) }
    }
    index.memberships = [index.next]
    return index
  }
}
