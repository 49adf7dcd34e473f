import Raft

/// What the log file is made of.
///
/// One record per write; the file only grows.
enum Record: UInt8 {
  case incarnation = 1
  case cluster, vote, entries, truncate, purge, committed
}

struct Unreadable: Error { var what: String }

struct Output {
  var bytes: [UInt8] = []
  mutating func put(_ n: some FixedWidthInteger) {
    withUnsafeBytes(of: n.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func put(_ flag: Bool) { put(UInt8(flag ? 1 : 0)) }
  mutating func put(_ text: String) {
    put(UInt32(text.utf8.count))
    bytes += Array(text.utf8)
  }
  mutating func put<T>(_ value: T?, _ body: (inout Output, T) -> Void) {
    put(value != nil)
    if let value { body(&self, value) }
  }
  mutating func put<T>(_ values: [T], _ body: (inout Output, T) -> Void) {
    put(UInt32(values.count))
    for value in values { body(&self, value) }
  }
  mutating func put(_ id: LogID) {
    put(id.leader.term.rawValue)
    put(id.leader.node.rawValue)
    put(id.index.rawValue)
  }
  mutating func put(_ id: ClusterID) {
    put(id.high)
    put(id.low)
    put(id.generation)
  }
  mutating func put(_ vote: Vote) {
    put(vote.leader.term.rawValue)
    put(vote.leader.node.rawValue)
    put(vote.isCommitted)
  }
  mutating func put(_ m: Membership) {
    put(m.configurations) { o, ids in o.put(ids) { $0.put($1.rawValue) } }
    put(m.members) { o, member in
      o.put(member.id.rawValue)
      o.put(member.address)
      o.put(member.name)
      o.put(member.metadata.sorted { $0.key < $1.key }) {
        $0.put($1.key)
        $0.put($1.value)
      }
      o.put(member.incarnation) { $0.put($1.rawValue) }
      o.put(member.role.rawValue)
      o.put(member.isPromotedWhenCaughtUp)
    }
    switch m.leavingRule {
    case .retain: put(UInt8(0))
    case .drop(let ids):
      put(UInt8(1))
      put(ids) { $0.put($1.rawValue) }
    }
    put(m.terms.cluster) { $0.put($1) }
    put(m.terms.leadershipRule.rawValue)
    put(m.terms.largestPromise) { $0.put($1) }
    put(m.terms.featureLevel)
  }
  mutating func put(_ slice: EntrySlice) {
    let run = slice.run
    put(run.leader.term.rawValue)
    put(run.leader.node.rawValue)
    put(slice.first.rawValue)
    put(run.kind.rawValue)
    put(run.timestamp.nanoseconds)
    put(run.membership) { $0.put($1) }
    put(UInt32(slice.count))
    for offset in 0..<slice.count {
      let payload = slice.payload(at: slice.first + offset)
      put(UInt32(payload.count))
      bytes += payload
    }
  }
}

struct Input {
  var rest: ArraySlice<UInt8>
  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw Unreadable(what: "record too short") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
  mutating func number<T: FixedWidthInteger>(_: T.Type = T.self) throws -> T {
    T(truncatingIfNeeded: littleEndian(try take(T.bitWidth / 8)))
  }
  mutating func flag() throws -> Bool { try number(UInt8.self) != 0 }
  mutating func text() throws -> String {
    String(decoding: try take(Int(try number(UInt32.self))), as: UTF8.self)
  }
  mutating func list<T>(_ body: (inout Input) throws -> T) throws -> [T] {
    var out: [T] = []
    for _ in 0..<(try number(UInt32.self)) { out.append(try body(&self)) }
    return out
  }
  mutating func optional<T>(_ body: (inout Input) throws -> T) throws -> T? {
    try flag() ? try body(&self) : nil
  }
  mutating func nodeID() throws -> NodeID { NodeID(try number()) }
  mutating func leaderID() throws -> LeaderID {
    LeaderID(term: Term(try number()), node: try nodeID())
  }
  mutating func logID() throws -> LogID {
    LogID(leader: try leaderID(), index: LogIndex(try number()))
  }
  mutating func clusterID() throws -> ClusterID {
    ClusterID(high: try number(), low: try number(), generation: try number())
  }
  mutating func vote() throws -> Vote {
    Vote(leader: try leaderID(), isCommitted: try flag())
  }
  mutating func known<T>(_ value: T?, _ what: String) throws -> T {
    guard let value else { throw Unreadable(what: "unknown \(what)") }
    return value
  }
  mutating func membership() throws -> Membership {
    let configurations = try list { try $0.list { try $0.nodeID() } }
    let members = try list { input in
      let id = try input.nodeID()
      let address = try input.text()
      let name = try input.text()
      var metadata: [String: String] = [:]
      for (key, value) in try input.list({ (try $0.text(), try $0.text()) }) {
        metadata[key] = value
      }
      let incarnation = try input.optional { Incarnation(try $0.number()) }
      let role = try input.known(Member.Role(rawValue: try input.number()), "role")
      return Member(
        id: id, address: address, name: name, metadata: metadata, incarnation: incarnation,
        role: role, isPromotedWhenCaughtUp: try input.flag())
    }
    let rule: Membership.LeavingRule =
      try number(UInt8.self) == 0 ? .retain : .drop(except: try list { try $0.nodeID() })
    let cluster = try optional { try $0.clusterID() }
    let leadership = try known(LeadershipRule(rawValue: try number()), "leadership rule")
    let promise = try optional { try $0.number(Int64.self) }
    return try Membership(
      configurations: configurations, members: members, leavingRule: rule,
      terms: .init(
        cluster: cluster, leadershipRule: leadership, largestPromise: promise,
        featureLevel: try number()))
  }
  mutating func entries() throws -> EntrySlice {
    let leader = try leaderID()
    let first = LogIndex(try number())
    let kind = try known(EntryKind(rawValue: try number()), "kind of entry")
    let timestamp = Timestamp(nanoseconds: try number())
    let membership = try optional { try $0.membership() }
    let count = Int(try number(UInt32.self))
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    for _ in 0..<count {
      bytes += try take(Int(try number(UInt32.self)))
      ends.append(UInt32(bytes.count))
    }
    guard count > 0 else { throw Unreadable(what: "no entries") }
    let run = EntryRun(
      leader: leader, first: first, count: count, byteCount: bytes.count, kind: kind,
      timestamp: timestamp, membership: membership)
    return EntrySlice(EntryChunk(run: run, bytes: bytes, ends: ends))
  }
}

/// FNV-1a; enough to see a torn record.
func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
