import Raft
import RaftEngine

/// A cluster of pure engines, many times over: what happens to one node happens to its copies in
/// all clusters, one after the other, and such a block of equal steps is what is measured.
///
/// There is no disk, no network and no thread. Every command is carried out at once and reported
/// back, in the order in which the commands came; time stands still unless a scenario moves it. The
/// copies take the same inputs, and so must be the same in the end.
struct EngineCluster {
  /// So many steps of one kind make a block: the clock is read once for all of them.
  static let copies = 64

  /// What a node is to hear.
  struct Post {
    let place: Int
    let input: Input
  }

  /// Who asked a node what.
  enum Question {
    case append(leader: Int, Sent)
    case vote(candidate: Int, under: Vote)
    case preVote(candidate: Int, under: Vote)
    case transfer(leader: Int, under: Vote)
    case snapshot(leader: Int, SnapshotMeta, Sent)
    /// The scenario itself.
    case scenario
  }

  let scenario: EngineScenario
  /// By node, and then by copy.
  var nodes: [[Engine]]
  var now = Instant(nanoseconds: 1_000_000_000)
  /// What is still to be heard, from `head` on.
  var posts: [Post] = []
  private var head = 0
  /// What the logs hold, the oldest first, without what all nodes have purged.
  var runs: [EntryRun] = []
  var purged: [LogIndex?]
  /// Each node's newest snapshot.
  var snapshots: [SnapshotMeta?]
  var tickets: UInt64 = 0
  var questions: [UInt64: Question] = [:]
  /// Nodes that nothing reaches and nothing leaves.
  var unreachable: Set<Int> = []
  /// What the scenario's own questions were answered with.
  var answers: [Response] = []
  /// Whether steps are entered into the ledger.
  var isMeasuring = false
  private(set) var ledger = EngineLedger()
  private var commands: [Command] = []
  private let clockCost: Int64

  /// Nodes 1 to `count`, of which the first founds a cluster with `voters` voters and leads it.
  init(
    _ scenario: EngineScenario, count: Int, voters: Int, _ configuration: Configuration
  ) throws(BenchFailure) {
    self.scenario = scenario
    self.clockCost = Self.costOfClock()
    self.purged = Array(repeating: nil, count: count)
    self.snapshots = Array(repeating: nil, count: count)
    self.nodes = []
    for number in 1...UInt64(count) {
      var recovered = Engine.Recovered()
      recovered.incarnation = Incarnation(number)
      let start = self.now
      self.nodes.append(
        (0..<Self.copies).map { _ in
          Engine(
            id: NodeID(number), configuration: configuration.engine, recovered: recovered,
            seed: number, at: start)
        })
    }
    try self.found(voters: voters)
  }

  private mutating func found(voters: Int) throws(BenchFailure) {
    let members = self.nodes.map { Member(id: $0[0].id, address: "") }
    let terms = Membership.Terms(
      cluster: ClusterID(high: 1, low: 2),
      largestPromise: self.nodes[0][0].configuration.promise)
    let membership: Membership
    do {
      membership = try Membership(
        configurations: [members.prefix(voters).map(\.id)], members: members, terms: terms)
    } catch {
      throw BenchFailure("no membership of \(voters) voters: \(error)")
    }
    let ticket = self.ask()
    try self.tell(0, .bootstrapRequested(membership, timestamp: .epoch, ticket))
    try self.tell(0, .electionRequested)
    // Members are named and the longest promise is agreed on along with heartbeats.
    for _ in 0..<5 { try self.beat() }
    guard self.leader == 0, self.answers == [.bootstrapped] else {
      throw BenchFailure("no cluster was founded: \(self.answers), \(self.nodes[0][0])")
    }
    self.answers = []
  }

  // MARK: Looking

  /// The first copy of a node.
  func engine(_ place: Int) -> Engine { self.nodes[place][0] }

  /// The place of the node that leads under the latest vote; `nil` if none does.
  var leader: Int? {
    self.nodes.indices.filter { self.nodes[$0][0].isLeader }
      .max { self.nodes[$0][0].vote.term < self.nodes[$1][0].vote.term }
  }

  /// Sees that all copies are alike, and that all nodes have what the leader has committed.
  func check() throws(BenchFailure) {
    guard let leader = self.leader else { throw BenchFailure("nobody leads in the end") }
    let committed = self.nodes[leader][0].committed
    for copies in self.nodes {
      guard copies.allSatisfy({ $0 == copies[0] }) else {
        throw BenchFailure("equal inputs made unequal engines of node \(copies[0].id)")
      }
      guard copies[0].committed == committed, copies[0].applied == committed,
        copies[0].log.last == committed
      else {
        throw BenchFailure("node \(copies[0].id) has not all that is committed: \(copies[0])")
      }
    }
  }

  // MARK: Telling

  /// A question of the scenario's own.
  mutating func ask() -> Ticket { self.ticket(.scenario) }

  mutating func ticket(_ question: Question) -> Ticket {
    self.tickets += 1
    self.questions[self.tickets] = question
    return Ticket(self.tickets)
  }

  /// Tells a node something, and carries out all that comes of it.
  mutating func tell(_ place: Int, _ input: Input) throws(BenchFailure) {
    self.posts.append(Post(place: place, input: input))
    while self.head < self.posts.count {
      let post = self.posts[self.head]
      self.head += 1
      if self.head == self.posts.count {
        self.posts.removeAll(keepingCapacity: true)
        self.head = 0
      }
      try self.step(post.place, post.input)
    }
  }

  mutating func advance(milliseconds: Int64) {
    self.now = self.now.advanced(byNanoseconds: milliseconds * 1_000_000)
  }

  /// Lets a heartbeat's time go by for everybody who can be reached.
  mutating func beat() throws(BenchFailure) {
    self.advance(milliseconds: 50)
    for place in self.nodes.indices where !self.unreachable.contains(place) {
      try self.tell(place, .elapsed)
    }
  }

  /// Tells those for whom time alone changes something now.
  mutating func tick() throws(BenchFailure) {
    for place in self.nodes.indices where self.nodes[place][0].deadline <= self.now {
      try self.tell(place, .elapsed)
    }
  }

  /// A block: the same step of every copy.
  private mutating func step(_ place: Int, _ input: Input) throws(BenchFailure) {
    let state = self.nodes[place][0].serverState
    let now = self.now
    let allocations = ProcessFigures.allocations
    let start = ProcessFigures.threadTime()
    self.nodes[place].withUnsafeMutableBufferPointer { copies in
      for copy in copies.indices { copies[copy].take(input, at: now) }
    }
    let end = ProcessFigures.threadTime()
    let asked = ProcessFigures.allocations - allocations
    for copy in (0..<Self.copies).reversed() {
      self.commands.removeAll(keepingCapacity: true)
      self.nodes[place][copy].commands.drain(into: &self.commands)
    }
    if self.isMeasuring {
      self.ledger.add(
        EngineLedger.Kind(
          scenario: self.scenario, state: state,
          event: EngineEvent.name(of: input, leadingTo: self.commands)),
        steps: Self.copies, nanoseconds: Int64(end - start) - self.clockCost, allocations: asked)
    }
    let commands = self.commands
    for command in commands { try self.carryOut(command, of: place, handling: input) }
  }

  /// What two looks at the clock cost: the median of many.
  private static func costOfClock() -> Int64 {
    let costs = (0..<1001).map { _ in
      let start = ProcessFigures.threadTime()
      return Int64(ProcessFigures.threadTime() - start)
    }
    return costs.sorted()[costs.count / 2]
  }
}
