import Raft

/// Commands that prepare a cluster, and those of its network.
extension TranscriptCommand {
  static func readOpening(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    switch reader.word {
    case .cluster: return try self.readCluster(&reader)
    case .rule:
      let word = try reader.take("a rule")
      switch word {
      case "many-per-term": return .rule(.manyPerTerm)
      case "one-per-term": return .rule(.onePerTerm)
      default: throw reader.fault("there is no rule '\(word)'")
      }
    case .prevote:
      if reader.skip("off") { return .preVote(isOn: false) }
      try reader.expect("on")
      return .preVote(isOn: true)
    case .limits: return try self.readLimits(&reader)
    case .vote: return .vote(try self.readOwner(&reader), try reader.vote())
    case .committed:
      return .committed(try self.readOwner(&reader), UInt64(try reader.number("an index")))
    default:
      let node = try self.readOwner(&reader)
      var entries: [PreparedEntry] = []
      while !reader.isAtEnd { entries.append(try self.readEntry(&reader)) }
      return .log(node, entries)
    }
  }

  /// `3:`, whose log or vote follows.
  private static func readOwner(_ reader: inout CommandReader) throws(CommandFault) -> NodeID {
    let word = try reader.take("a node")
    guard word.hasSuffix(":"), let id = CommandReader.node(word.dropLast()) else {
      throw reader.fault("'\(word)' stands where 'NODE:' belongs")
    }
    return id
  }

  private static func readCluster(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    var counts = (voters: 0, witnesses: 0, learners: 0, spares: 0)
    repeat {
      let count = try reader.number("how many")
      let what = try reader.take("what they are")
      switch what {
      case "voter", "voters": counts.voters = count
      case "witness", "witnesses": counts.witnesses = count
      case "learner", "learners": counts.learners = count
      case "spare", "spares": counts.spares = count
      default: throw reader.fault("there are voters, witnesses, learners and spares, not '\(what)'")
      }
    } while !reader.isAtEnd
    let all = counts.voters + counts.witnesses + counts.learners + counts.spares
    guard (1...9).contains(all) else {
      throw reader.fault("a cluster has 1 to 9 nodes")
    }
    guard counts.voters > 0 || counts.learners + counts.witnesses == 0 else {
      throw reader.fault("learners and witnesses need a voter to learn from")
    }
    return .cluster(
      voters: counts.voters, witnesses: counts.witnesses, learners: counts.learners,
      spares: counts.spares)
  }

  private static func readLimits(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    var limits: [Limit] = []
    repeat {
      let name = try reader.take("a limit")
      let number = try reader.number("the limit \(name)")
      switch name {
      case "batch" where number > 0: limits.append(.batch(number))
      case "window" where number > 0: limits.append(.window(number))
      case "snapshots" where number > 0: limits.append(.snapshotAfter(number))
      case "keep": limits.append(.keep(number))
      default: throw reader.fault("there is no limit '\(name) \(number)'")
      }
    } while !reader.isAtEnd
    return .limits(limits)
  }

  /// `3`, `3/2`, or either with `=` and a membership.
  private static func readEntry(
    _ reader: inout CommandReader
  ) throws(CommandFault) -> PreparedEntry {
    let word = try reader.take("an entry")
    let parts = word.split(separator: "=", maxSplits: 1)
    guard let leader = parts.first.flatMap({ self.writer($0) }), leader.term > 0 else {
      throw reader.fault("an entry is written as 3, 3/2 or 3/2=[1,2], not '\(word)'")
    }
    guard parts.count == 2 else { return PreparedEntry(leader: leader, configurations: nil) }
    let sides = parts[1].split(separator: "+", maxSplits: 1)
    var configurations: [[NodeID]] = []
    for side in sides[0].split(separator: "&") {
      configurations.append(try self.readNodes(side, "[", "]", reader))
    }
    let learners = sides.count == 2 ? try self.readNodes(sides[1], "{", "}", reader) : []
    return PreparedEntry(leader: leader, configurations: configurations, learners: learners)
  }

  /// `3` for round 3 of node 1, `3/2` for that of node 2.
  private static func writer(_ word: Substring) -> LeaderID? {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let term = CommandReader.round(parts[0]),
      let node = parts.count == 2 ? CommandReader.node(parts[1]) : 1
    else { return nil }
    return LeaderID(term: Term(term), node: node)
  }

  private static func readNodes(
    _ text: Substring, _ open: Character, _ close: Character, _ reader: CommandReader
  ) throws(CommandFault) -> [NodeID] {
    let ids = text.dropFirst().dropLast().split(separator: ",").map { CommandReader.node($0) }
    guard text.first == open, text.last == close, !ids.isEmpty, !ids.contains(nil) else {
      throw reader.fault("a membership is written as [1,2]&[2,3]+{4}, not '\(text)'")
    }
    return ids.compactMap(\.self)
  }

  // MARK: Network

  static func readNetwork(_ reader: inout CommandReader) throws(CommandFault) -> Self {
    switch reader.word {
    case .cut:
      let (one, other, ways) = try reader.route()
      return .cut(one, other, ways)
    case .mend:
      let (one, other, ways) = try reader.route()
      return .mend(one, other, ways)
    case .isolate: return .isolate(try reader.someNodes())
    case .split:
      var sides: [[NodeID]] = []
      repeat { sides.append(try reader.someNodes()) } while reader.skip("|")
      guard sides.count > 1 else { throw reader.fault("a split has two sides") }
      return .split(sides)
    case .hold:
      let kind = try reader.kind()
      let (one, other, ways) = try reader.route()
      let count = reader.skip("after") ? try reader.number("how many") : 0
      return .hold(kind, one, other, ways, after: count)
    case .drop, .duplicate:
      let kind = try reader.kind()
      let (from, to) = try reader.oneWay()
      return reader.word == .drop
        ? .drop(kind, from: from, to: to) : .duplicate(kind, from: from, to: to)
    case .release: return .release
    default: return .heal
    }
  }
}
