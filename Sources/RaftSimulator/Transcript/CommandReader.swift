import Raft

/// The words of one command, read from left to right.
struct CommandReader {
  let word: CommandWord
  private var words: ArraySlice<Substring>

  init(_ word: CommandWord, _ words: ArraySlice<Substring>) {
    self.word = word
    self.words = words
  }

  var isAtEnd: Bool { self.words.isEmpty }
  var next: Substring? { self.words.first }
  /// Whether the word behind the next one is an arrow.
  var isFollowedByArrow: Bool { self.words.dropFirst().first == "->" }

  /// The fault that names what was found and the form of the command.
  func fault(_ problem: String) -> CommandFault {
    CommandFault("\(problem); the form is '\(self.word.form)'")
  }

  /// Takes the next word if it is this one.
  mutating func skip(_ word: String) -> Bool {
    guard self.words.first == word[...] else { return false }
    self.words.removeFirst()
    return true
  }

  mutating func take(_ what: String) throws(CommandFault) -> Substring {
    guard let word = self.words.popFirst() else { throw self.fault("\(what) is missing") }
    return word
  }

  mutating func expect(_ word: String) throws(CommandFault) {
    let found = try self.take("'\(word)'")
    guard found == word[...] else { throw self.fault("'\(found)' stands where '\(word)' belongs") }
  }

  func finish() throws(CommandFault) {
    if let word = self.words.first { throw self.fault("'\(word)' is one word too many") }
  }

  // MARK: Values

  mutating func number(_ what: String) throws(CommandFault) -> Int {
    let word = try self.take(what)
    guard let number = Int(word), (0...100_000).contains(number) else {
      throw self.fault("\(what) must be a number, not '\(word)'")
    }
    return number
  }

  mutating func node() throws(CommandFault) -> NodeID {
    let word = try self.take("a node")
    guard let id = Self.node(word) else {
      throw self.fault("a node is a number from 1 to 9, not '\(word)'")
    }
    return id
  }

  /// All nodes up to a word that is none.
  mutating func nodes() -> [NodeID] {
    var ids: [NodeID] = []
    while let word = self.words.first, let id = Self.node(word) {
      ids.append(id)
      self.words.removeFirst()
    }
    return ids
  }

  mutating func someNodes() throws(CommandFault) -> [NodeID] {
    let ids = self.nodes()
    guard ids.isEmpty else { return ids }
    throw self.fault(self.next.map { "'\($0)' stands where a node belongs" } ?? "which node?")
  }

  mutating func register() throws(CommandFault) -> Int {
    let word = try self.take("a register")
    guard let place = Self.registers.firstIndex(of: word) else {
      throw self.fault("a register is a, b, c or d, not '\(word)'")
    }
    return place
  }

  mutating func duration() throws(CommandFault) -> Int64 {
    let word = try self.take("a duration")
    for (unit, length) in [("ms", milliseconds), ("s", 1000 * milliseconds)]
    where word.hasSuffix(unit) {
      guard let count = Int64(word.dropLast(unit.count)), count > 0,
        count <= 600_000 * milliseconds / length
      else { continue }
      return count * length
    }
    throw self.fault("a duration is written as 200ms or 3s, up to 600s, not '\(word)'")
  }

  mutating func route() throws(CommandFault) -> (NodeID, NodeID, TranscriptCommand.Ways) {
    let one = try self.node()
    let arrow = try self.take("'->'")
    guard arrow == "->" || arrow == "<->" else {
      throw self.fault("'\(arrow)' stands where '->' or '<->' belongs")
    }
    let other = try self.node()
    guard one != other else { throw self.fault("node \(one) needs no way to itself") }
    return (one, other, arrow == "->" ? .oneWay : .bothWays)
  }

  mutating func oneWay() throws(CommandFault) -> (NodeID, NodeID) {
    let (from, to, ways) = try self.route()
    guard ways == .oneWay else { throw self.fault("only one direction at a time") }
    return (from, to)
  }

  /// A kind of message; `nil` for all.
  mutating func kind() throws(CommandFault) -> MessageKind? {
    let word = try self.take("a kind of message")
    if word == "messages" { return nil }
    guard let kind = MessageKind(rawValue: String(word)) else {
      let kinds = MessageKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw self.fault("there is no kind '\(word)'; there are messages, \(kinds)")
    }
    return kind
  }

  mutating func vote() throws(CommandFault) -> Vote {
    let word = try self.take("a vote")
    let isCommitted = word.hasSuffix("*")
    guard let leader = Self.leader(isCommitted ? word.dropLast() : word) else {
      throw self.fault("a vote is written as T3-N1, or T3-N1* if a quorum chose it, not '\(word)'")
    }
    return Vote(leader: leader, isCommitted: isCommitted)
  }

  mutating func position() throws(CommandFault) -> LogID {
    let word = try self.take("a position")
    guard let logID = Self.position(word) else {
      throw self.fault("a position is written as T3-N1.4, not '\(word)'")
    }
    return logID
  }

  mutating func positionOrNothing() throws(CommandFault) -> LogID? {
    self.skip("nothing") ? nil : try self.position()
  }

  mutating func positions() -> [LogID] {
    var logIDs: [LogID] = []
    while let word = self.words.first, let logID = Self.position(word) {
      logIDs.append(logID)
      self.words.removeFirst()
    }
    return logIDs
  }

  // MARK: Words

  static let registers: [Substring] = ["a", "b", "c", "d"]

  static func node(_ word: Substring) -> NodeID? {
    UInt64(word).flatMap { (1...9).contains($0) ? NodeID($0) : nil }
  }

  /// A round or an index: more than any transcript needs, and far from what cannot be counted.
  static func round(_ word: Substring) -> UInt64? {
    UInt64(word).flatMap { $0 < 10_000 ? $0 : nil }
  }

  static func leader(_ word: Substring) -> LeaderID? {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].first == "T", parts[1].first == "N",
      let term = self.round(parts[0].dropFirst()), let node = self.node(parts[1].dropFirst())
    else { return nil }
    return LeaderID(term: Term(term), node: node)
  }

  static func position(_ word: Substring) -> LogID? {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let leader = self.leader(parts[0]), let index = self.round(parts[1])
    else { return nil }
    return LogID(leader: leader, index: LogIndex(index))
  }
}
