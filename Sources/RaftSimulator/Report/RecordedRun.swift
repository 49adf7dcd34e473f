import Glibc
public import Raft

/// What several nodes recorded, laid on one axis of time.
///
/// The axis is the wall clock of the nodes' machines: if these disagree, so do the lanes. A
/// recording tells which messages a node received, not when they left; a message begins at the
/// last step of its sender that sent one of its kind to this node.
public struct RecordedRun: Sendable {
  /// One step of one node, in the common order.
  struct Step {
    let node: NodeID
    let entry: FlightRecording.Entry
    /// Nanoseconds since the run's zero.
    let time: Int64
    /// The message that brought the input, if one did.
    var message: Int?
    /// The messages that left with the step.
    var sent: [Int] = []
    /// Whether the node's process ended after this step.
    var isLastOfLife = false
  }

  /// A message that a node received.
  struct Message {
    let name: String
    let text: String
    let from: NodeID
    let to: NodeID
    /// Whether it is known with which step it left.
    let isSendingKnown: Bool
  }

  /// The recorded nodes, in ascending order.
  public let nodes: [NodeID]
  /// What a reader should know of the recordings: zero of the time axis, clusters, what is missing.
  public let notes: [String]
  private(set) var steps: [Step] = []
  private(set) var messages: [Message] = []

  /// How many steps all recordings have together.
  public var stepCount: Int { self.steps.count }

  /// Lays recordings side by side; what two recordings of one node both tell is told once.
  public init(_ recordings: [Recording]) {
    let contents = recordings.map(\.content)
    self.nodes = Set(contents.map(\.header.node)).sorted()
    // Whole seconds, so that logs are easy to compare.
    let first = contents.compactMap { $0.entries.first?.time }.min() ?? 0
    let zero = first - ((first % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
    self.notes = Self.notes(recordings, zero: zero)
    for node in self.nodes {
      let entries = Self.joined(contents.filter { $0.header.node == node })
      var time = Int64.min
      for (index, entry) in entries.enumerated() {
        // A wall clock may be set back; the order of a node's own steps stays.
        time = max(time, entry.time &- zero)
        let isLast =
          index + 1 < entries.count && entries[index + 1].record.told.kind == .started
        self.steps.append(Step(node: node, entry: entry, time: time, isLastOfLife: isLast))
      }
    }
    self.steps.sort {
      ($0.time, $0.node, $0.entry.record.sequence) < ($1.time, $1.node, $1.entry.record.sequence)
    }
    self.findMessages()
  }

  private static func joined(_ contents: [FlightRecording]) -> [FlightRecording.Entry] {
    guard contents.count > 1 else { return contents.first?.entries ?? [] }
    var known: Set<FlightRecord> = []
    let all = contents.flatMap(\.entries).filter { known.insert($0.record).inserted }
    return all.sorted { ($0.record.sequence, $0.time) < ($1.record.sequence, $1.time) }
  }

  private static func notes(_ recordings: [Recording], zero: Int64) -> [String] {
    var notes = ["0 s is \(Self.date(zero))"]
    let clusters = Set(recordings.compactMap(\.content.header.cluster)).map(\.description)
    if clusters.count == 1 { notes.append("cluster \(clusters[0])") }
    if clusters.count > 1 {
      notes.append("these are different clusters: \(clusters.sorted().joined(separator: ", "))")
    }
    return notes + recordings.compactMap(\.loss)
  }

  /// A moment of the wall clock in universal time.
  private static func date(_ nanoseconds: Int64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  // MARK: Messages

  /// Finds for each message that arrived the step with which it may have left.
  private mutating func findMessages() {
    struct Way: Hashable {
      let from: NodeID
      /// `nil` for answers, whose receivers are not recorded.
      let to: NodeID?
      let kind: CommandSummary
    }
    var lastSent: [Way: Int] = [:]
    for index in self.steps.indices {
      let step = self.steps[index]
      let told = step.entry.record.told
      if let name = told.messageName, let sender = told.peerID {
        let kinds = Self.commands(behind: name)
        let candidates = kinds.compactMap { kind in
          lastSent[Way(from: sender, to: kind == .respond ? nil : step.node, kind: kind)]
        }
        let sending = candidates.max().flatMap { place in
          name == "snapshot" || step.time - self.steps[place].time < Self.longestWay ? place : nil
        }
        self.steps[index].message = self.messages.count
        self.steps[sending ?? index].sent.append(self.messages.count)
        self.messages.append(
          Message(
            name: name, text: told.messageText ?? "", from: sender, to: step.node,
            isSendingKnown: sending != nil))
      }
      guard let commands = step.entry.record.state?.commands else { continue }
      for kind in Self.sendings where commands.contains(kind) {
        for other in self.nodes where other != step.node && commands.sends(kind, to: other) {
          lastSent[Way(from: step.node, to: other, kind: kind)] = index
        }
      }
      if commands.contains(.respond) {
        lastSent[Way(from: step.node, to: nil, kind: .respond)] = index
      }
    }
  }

  /// A message that seems older is taken for one whose sending is not recorded.
  private static let longestWay: Int64 = 5_000_000_000

  private static let sendings: [CommandSummary] = [
    .sendAppend, .sendHeartbeat, .requestVote, .requestPreVote, .sendSnapshot, .sendTransfer,
  ]

  /// What a step wants done when it sends a message of this name.
  private static func commands(behind name: String) -> [CommandSummary] {
    switch name {
    case "append": [.sendAppend]
    case "heartbeat": [.sendHeartbeat, .sendAppend]
    case "vote request": [.requestVote]
    case "pre-vote request": [.requestPreVote]
    case "snapshot": [.sendSnapshot]
    case "transfer request": [.sendTransfer]
    default: [.respond]
    }
  }
}
