import Raft

/// What the nodes of a transcript have on their disks when it begins.
struct TranscriptOpening {
  /// An entry on a disk.
  struct Entry {
    enum Content {
      case membership(Membership)
      /// A write to the last register that no client waits for.
      case write(UInt64)
    }

    let logID: LogID
    let content: Content
  }

  /// One node's disk.
  struct Disk {
    var vote: Vote?
    var committed: LogIndex?
    var entries: [Entry] = []
    var isSpare = true
  }

  /// The register that prepared entries write to.
  static let register = SimulatedMachine.keyCount - 1
  /// Values from here on belong to prepared entries and are shown as `x`.
  static let firstValue: UInt64 = 1_000_000

  private(set) var play = ScriptedPlay()
  private(set) var disks: [Disk] = []

  /// Puts together what the commands say.
  init(_ commands: [(TranscriptCommand, line: Int)]) throws(CommandFault) {
    for (command, _) in commands {
      switch command {
      case .cluster(let voters, let witnesses, let learners, let spares):
        self.makeNodes(voters, witnesses, learners, spares)
      case .rule(let rule): self.play.rule = rule
      case .preVote(let isOn): self.play.isPreVoteEnabled = isOn
      case .limits(let limits): for limit in limits { self.apply(limit) }
      default: break
      }
    }
    // The rule is part of the founding entry, wherever it was named.
    try self.found()
    for (command, line) in commands {
      do throws(CommandFault) {
        try self.prepare(command)
      } catch {
        throw CommandFault(error.problem, line: line)
      }
    }
  }

  private mutating func prepare(_ command: TranscriptCommand) throws(CommandFault) {
    switch command {
    case .log(let id, let entries): try self.write(entries, to: id)
    case .vote(let id, let vote):
      try self.check(id)
      guard let last = self.disks[Self.place(id)].entries.last?.logID,
        last.leader.term <= vote.term
      else {
        throw CommandFault(
          "node \(id) holds an entry of a later round than \(vote); name the log first")
      }
      self.disks[Self.place(id)].vote = vote
    case .committed(let id, let index):
      try self.check(id)
      guard index < self.disks[Self.place(id)].entries.count else {
        throw CommandFault("node \(id) has no entry \(index)")
      }
      self.disks[Self.place(id)].committed = LogIndex(index)
    default: break
    }
  }

  /// The value that stands for a prepared entry.
  static func value(of logID: LogID) -> UInt64 {
    self.firstValue + logID.leader.term.rawValue * 100_000 + logID.leader.node.rawValue * 10_000
      + logID.index.rawValue
  }

  private static func place(_ id: NodeID) -> Int { Int(id.rawValue) - 1 }

  private var voters: [NodeID] = []
  private var learners: [NodeID] = []

  private mutating func makeNodes(
    _ voters: Int, _ witnesses: Int, _ learners: Int, _ spares: Int
  ) {
    self.play.nodeCount = voters + witnesses + learners + spares
    self.disks = Array(repeating: Disk(), count: self.play.nodeCount)
    let members = (0..<(voters + witnesses + learners)).map { NodeID(UInt64($0 + 1)) }
    self.voters = Array(members.prefix(voters + witnesses))
    self.learners = Array(members.dropFirst(voters + witnesses))
    self.play.witnesses = Set(members.dropFirst(voters).prefix(witnesses))
  }

  private mutating func apply(_ limit: TranscriptCommand.Limit) {
    switch limit {
    case .batch(let count): self.play.appendEntriesMax = count
    case .window(let count): self.play.appendWindow = count
    case .snapshotAfter(let count): self.play.snapshotAfter = count
    case .keep(let count): self.play.entriesKept = count
    }
  }

  private mutating func found() throws(CommandFault) {
    guard !self.voters.isEmpty else { return }
    let entry = Entry(
      logID: LogID(term: 0, node: 1, index: 0),
      content: .membership(try self.membership([self.voters], learners: self.learners)))
    for id in self.voters + self.learners {
      self.disks[Self.place(id)] = Disk(
        vote: nil, committed: 0, entries: [entry], isSpare: false)
    }
  }

  private func membership(
    _ configurations: [[NodeID]], learners: [NodeID]
  ) throws(CommandFault) -> Membership {
    let ids = Set(configurations.joined()).union(learners).sorted()
    let members = ids.map { id in
      var member = NodeCluster.member(id)
      member.incarnation = ScriptedPlay.incarnation(of: id)
      member.role = self.play.witnesses.contains(id) ? .witness : .replica
      return member
    }
    do {
      return try Membership(
        configurations: configurations, members: members,
        leavingRule: .drop(except: learners),
        terms: Membership.Terms(
          cluster: ScriptedPlay.cluster, leadershipRule: self.play.rule))
    } catch {
      throw CommandFault("\(error)")
    }
  }

  private func check(_ id: NodeID) throws(CommandFault) {
    guard Self.place(id) < self.disks.count, !self.disks[Self.place(id)].isSpare else {
      throw CommandFault("node \(id) is no member of this cluster")
    }
  }

  private mutating func write(
    _ entries: [TranscriptCommand.PreparedEntry], to id: NodeID
  ) throws(CommandFault) {
    try self.check(id)
    var log = self.disks[Self.place(id)].entries
    for entry in entries {
      guard let last = log.last?.logID, last.leader <= entry.leader else {
        throw CommandFault("an entry of \(entry.leader) cannot follow one of a later leadership")
      }
      guard log.count < 10_000 else { throw CommandFault("a prepared log is too long") }
      let logID = LogID(leader: entry.leader, index: last.index.next)
      let content: Entry.Content =
        if let configurations = entry.configurations {
          .membership(try self.membership(configurations, learners: entry.learners))
        } else {
          .write(Self.value(of: logID))
        }
      log.append(Entry(logID: logID, content: content))
    }
    self.disks[Self.place(id)].entries = log
    // Whoever holds an entry stood behind its leader.
    if let leader = log.last?.logID.leader, leader.term > 0 {
      self.disks[Self.place(id)].vote = Vote(leader: leader, isCommitted: false)
    }
  }
}
