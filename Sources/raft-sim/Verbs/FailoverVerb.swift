import Raft
import RaftCommandLine
import RaftSimulator

/// `failover`: how long a cluster is without a leader under each trouble, with and without pre-vote.
struct FailoverVerb: Equatable {
  var seeds: ClosedRange<UInt64> = 1...20
  var configuration = Configuration()
  var nodeCount = 5
  var networkDelay = 1
  var format = RunOptions.Format.text

  /// Reads the words behind the verb; times are in milliseconds.
  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Arguments(
      rest,
      options: [
        "seeds", "nodes", "election-timeout", "heartbeat", "promise", "network-delay", "format",
      ])
    if let operand = words.operands.first {
      throw UsageError("failover takes no word '\(operand)'; it measures every trouble")
    }
    if let text = words.value("seeds") { self.seeds = try RunOptions.seeds(text) }
    self.nodeCount = try words.number("nodes", in: 3...9) ?? 5
    self.networkDelay = try words.number("network-delay", in: 1...10_000) ?? 1
    self.format = try words.choice("format") ?? .text
    if let text = words.value("election-timeout") {
      let range: ClosedRange<UInt64>
      do throws(UsageError) {
        range = try RunOptions.seeds(text)
      } catch {
        throw UsageError("--election-timeout must be SHORTEST..LONGEST in ms, not '\(text)'")
      }
      self.configuration.electionTimeoutMin = .milliseconds(range.lowerBound)
      self.configuration.electionTimeoutMax = .milliseconds(range.upperBound)
    }
    if let time = try words.number("heartbeat", in: 1...60_000) {
      self.configuration.heartbeatInterval = .milliseconds(time)
    }
    if let time = try words.number("promise", in: 1...60_000) {
      self.configuration.promise = .milliseconds(time)
    }
    do {
      try self.configuration.validate()
    } catch {
      throw UsageError("\(error)")
    }
  }

  /// Measures everything; returns the exit status.
  func run() -> Int32 {
    var isKept = true
    if case .text = self.format { Output.write(Self.head) }
    for isPreVoteEnabled in [true, false] {
      var configuration = self.configuration
      configuration.isPreVoteEnabled = isPreVoteEnabled
      let study = FailoverStudy(
        configuration, nodeCount: self.nodeCount, networkDelay: .milliseconds(self.networkDelay))
      for trouble in FailoverTrouble.allCases {
        do {
          let result = try study.run(trouble, seeds: self.seeds)
          self.write(result, isPreVoteEnabled)
          isKept = isKept && result.isKept
        } catch {
          Output.complain("raft-sim: \(error.property.rawValue): \(error.evidence)\n")
          return 1
        }
      }
    }
    return isKept ? 0 : 1
  }

  private static let head = """
    trouble       pre-vote   median    longest     bound   changes  most  kept

    """

  private func write(_ result: FailoverStudy.Result, _ isPreVoteEnabled: Bool) {
    var most: Int?
    if case .changes(let count) = result.bound { most = count }
    let median = most == nil ? Self.milliseconds(result.median) : nil
    let longest = most == nil ? Self.milliseconds(result.longest) : nil
    let bound = result.timeBound.map(Self.milliseconds)
    if case .json = self.format {
      func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }
      Output.write(
        """
        {"trouble":"\(result.trouble.rawValue)","preVote":\(isPreVoteEnabled),\
        "medianMilliseconds":\(number(median)),"longestMilliseconds":\(number(longest)),\
        "boundMilliseconds":\(number(bound)),"changes":\(result.changesMax),\
        "changesBound":\(number(most)),"kept":\(result.isKept)}

        """)
      return
    }
    func column(_ value: Int?, _ unit: String, _ width: Int) -> String {
      let text = value.map { "\($0)\(unit)" } ?? "-"
      return String(repeating: " ", count: max(1, width - text.count)) + text
    }
    let name = result.trouble.rawValue
    Output.write(
      name + String(repeating: " ", count: 14 - name.count) + (isPreVoteEnabled ? "on " : "off")
        + column(median, " ms", 14) + column(longest, " ms", 11) + column(bound, " ms", 10)
        + column(result.changesMax, "", 10) + column(most, "", 6)
        + (result.isKept ? "  yes" : "  NO") + "\n")
  }

  private static func milliseconds(_ time: Duration) -> Int {
    Int(time.components.seconds) * 1000 + Int(time.components.attoseconds / 1_000_000_000_000_000)
  }
}
