import Raft

extension TranscriptCommand {
  /// Reads a command.
  init(_ line: String) throws(CommandFault) {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    guard let first = words.first, let word = CommandWord(rawValue: String(first)) else {
      let all = CommandWord.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFault("there is no command '\(words.first ?? "")'; there are \(all)")
    }
    var reader = CommandReader(word, words.dropFirst())
    self = try Self.read(&reader)
    try reader.finish()
  }

  private static func read(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    switch reader.word {
    case .cluster, .rule, .limits, .prevote, .log, .vote, .committed:
      try self.readOpening(&reader)
    case .cut, .mend, .isolate, .split, .heal, .hold, .drop, .duplicate, .release:
      try self.readNetwork(&reader)
    case .crash: .crash(try reader.someNodes())
    case .stop: .stop(try reader.someNodes())
    case .start: .start(try reader.someNodes())
    case .wipe: .wipe(try reader.node())
    case .pause: .pause(try reader.node(), try reader.duration())
    case .clock: .clock(try reader.node(), try reader.duration())
    case .stall: .stall(try reader.node())
    case .resume: .resume(try reader.node())
    case .fail: .fail(try reader.node())
    case .snapshot: .snapshot(try reader.node())
    case .elect: .elect(try reader.node())
    case .found: try self.readFounding(&reader)
    case .transfer: try self.readTransfer(&reader)
    case .change: try self.readChange(&reader)
    case .write: try self.readWrite(&reader)
    case .fill: .fill(try reader.node(), try reader.number("how many"))
    case .read: try self.readRead(&reader)
    case .look: .look(try reader.node(), register: try reader.register())
    case .ask: try self.readQuestion(&reader)
    case .tell: try self.readAppend(&reader)
    case .advance: .advance(try reader.duration())
    case .until: try self.readGoal(&reader)
    case .show: .show(reader.nodes())
    case .logs: .logs(reader.nodes())
    }
  }

  // MARK: Clients

  private static func readWrite(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let node = try reader.node()
    let parts = try reader.take("REGISTER=VALUE").split(separator: "=")
    guard parts.count == 2, let register = CommandReader.registers.firstIndex(of: parts[0]),
      let value = UInt64(parts[1]), (1..<1000).contains(value)
    else {
      throw reader.fault("what is written is a register and a number from 1 to 999, as in a=7")
    }
    return .write(node, register: register, value: value)
  }

  private static func readRead(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let node = try reader.node()
    let register = try reader.register()
    let barrierFrom = reader.skip("by") ? try reader.node() : nil
    return .read(node, register: register, barrierFrom: barrierFrom)
  }

  // MARK: Leadership and members

  private static func readFounding(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let word = try reader.take("a node")
    guard word.hasSuffix(":"), let id = CommandReader.node(word.dropLast()) else {
      throw reader.fault("'\(word)' stands where 'NODE:' belongs")
    }
    return .found(id, try reader.someNodes())
  }

  private static func readTransfer(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    guard reader.isFollowedByArrow else { return .transfer(from: try reader.node(), to: nil) }
    let (from, to) = try reader.oneWay()
    return .transfer(from: from, to: to)
  }

  private static func readChange(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let node = try reader.node()
    var changes: [MembershipChange] = []
    repeat {
      let word = try reader.take("a change")
      let ids = try reader.someNodes()
      switch word {
      case "add-learners", "join":
        let role = try self.readRole(&reader)
        changes.append(
          .addLearners(
            ids.map { id in
              var member = NodeCluster.member(id)
              member.isPromotedWhenCaughtUp = word == "join"
              member.role = role
              return member
            }))
      case "add-voters": changes.append(.addVoters(ids))
      case "remove-voters": changes.append(.removeVoters(ids))
      case "voters": changes.append(.replaceVoters(ids))
      case "remove-members": changes.append(.removeMembers(ids))
      default:
        throw reader.fault(
          "there is no change '\(word)'; there are add-learners, join, add-voters, "
            + "remove-voters, voters, remove-members")
      }
    } while reader.skip("+")
    let removed: RemovedVoters = reader.skip("keep") ? .becomeLearners : .leave
    let expected = try reader.skip("if") ? reader.position() : nil
    return .change(
      node, changes.count == 1 ? changes[0] : .batch(changes), removed, expected: expected)
  }

  private static func readRole(
    _ reader: inout CommandReader
  ) throws(CommandFault) -> Member.Role {
    guard reader.skip("as") else { return .replica }
    try reader.expect("witness")
    return .witness
  }

  // MARK: Messages and time

  private static func readQuestion(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let node = try reader.node()
    let isPreVote = reader.skip("before")
    if !isPreVote { try reader.expect("for") }
    let vote = try reader.vote()
    try reader.expect("with")
    return .ask(
      node, vote, last: try reader.positionOrNothing(), isPreVote ? .preVote : .vote)
  }

  private static func readAppend(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    let node = try reader.node()
    let vote = try reader.vote()
    try reader.expect("after")
    let previous = try reader.positionOrNothing()
    let entries = reader.skip("entries") ? reader.positions() : []
    let committed = reader.skip("committed") ? try reader.position() : nil
    return .tell(
      HandmadeAppend(
        to: node, vote: vote, previous: previous, entries: entries, committed: committed))
  }

  private static func readGoal(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    if reader.skip("leader") { return .until(.anyLeader) }
    let node = try reader.node()
    let role = try reader.take("a role")
    guard ["leads", "follows", "stands", "learns", "down"].contains(role) else {
      throw reader.fault("there is no role '\(role)'")
    }
    return .until(.role(node, String(role)))
  }
}
