import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftHTTPTransport
import RaftSimulator

/// What must hold when all faults have ended: the cluster is whole again, everything that was
/// acknowledged is there, on every member, and what clients were told has one order.
struct FinalCheck: Sendable {
  let cluster: ChaosCluster
  let history: HistoryLog
  let ledger: Ledger
  let timeline: RaftCommandLine.Timeline

  /// How many findings of one kind are listed.
  private static let listedMax = 5
  private static let readTries = 50
  private static let readers = 16
  /// The client that looks at the end.
  private static let lastClient = 999

  /// Ends all faults, and waits until all members have the same log; returns what is wrong.
  func recover() async -> [String] {
    do throws(Failure) {
      try await self.cluster.network.cut([])
      for server in self.cluster.servers {
        server.control.repairDisk()
        server.control[.clockOffset] = 0
        try await self.cluster.start(server)
      }
      let start = ContinuousClock.now
      try await self.cluster.wait(for: "all members to be alike") { await self.isSettled() }
      self.timeline.tell(
        "the cluster is whole again after \(start.duration(to: .now).forPeople)")
      return []
    } catch {
      return ["the cluster does not recover: \(error); \(await self.picture())"]
    }
  }

  /// Whether a leader has all voters it needs behind it, and nobody is being rebuilt.
  private func isSettled() async -> Bool {
    guard let leader = await self.cluster.leader(),
      let report = await self.cluster.client.metrics(of: leader.place.api),
      report.hasQuorumContact, let membership = report.effectiveMembership.membership,
      report.committedMembership == report.effectiveMembership, !membership.isJoint,
      membership.members.allSatisfy({ membership.isVoter($0.id) || !$0.isPromotedWhenCaughtUp })
    else { return false }
    for member in membership.members {
      guard let server = self.cluster.server(member.id), !server.isBeingRebuilt,
        let own = await self.cluster.client.metrics(of: server.place.api),
        own.applied.map({ $0.index }) ?? LogIndex(0) >= report.committed.map({ $0.index })
          ?? LogIndex(0)
      else { return false }
    }
    return true
  }

  /// What each server says of itself.
  private func picture() async -> String {
    var lines: [String] = []
    for server in self.cluster.servers {
      guard let report = await self.cluster.client.metrics(of: server.place.api) else {
        lines.append("server \(server.id) does not answer: \(server.lastWords)")
        continue
      }
      let applied = report.applied.map { "\($0)" } ?? "nothing"
      let peers = (report.peers ?? []).compactMap { peer in
        peer.trouble.map { "\(peer.id): \($0)" }
      }
      lines.append(
        "server \(server.id) is \(report.state) in term \(report.vote.leader.term), applied "
          + "\(applied)\(peers.isEmpty ? "" : ", trouble with " + peers.joined(separator: "; "))")
    }
    return lines.joined(separator: "\n    ")
  }

  // MARK: What is there

  /// Looks for everything that was acknowledged, at each member; returns what is missing.
  func compare(_ tally: Guarded<Tally>) async -> [String] {
    for register in self.history.registers {
      for _ in 0..<Self.readTries {
        let outcome = await self.history.read(
          register, .linearizable, byClient: Self.lastClient, with: self.cluster.client,
          at: self.cluster.client.likelyLeader)
        if case .done = outcome { break }
        try? await ContinuousClock().sleep(for: .milliseconds(100))
      }
    }
    guard await self.hasSettledAgain(), let leader = await self.cluster.leader(),
      let report = await self.cluster.client.metrics(of: leader.place.api),
      let members = report.committedMembership.membership?.members
    else { return ["the cluster is whole no more: \(await self.picture())"] }
    var findings = report.divergences.map { "states differ: \($0.explanation)" }
    let keys = self.ledger.acknowledged.map(\.key) + self.history.registers.map(HistoryLog.name)
    var states: [[String: String?]] = []
    for member in members {
      guard let server = self.cluster.server(member.id) else { continue }
      let (found, failure) = await self.read(keys, at: server)
      if let failure { findings.append("server \(server.id) cannot be read: \(failure)") }
      tally.withLock { $0.lookups += found.count }
      findings += Self.shortened(
        self.ledger.losses(at: "server \(server.id)", holding: found), "acknowledged write", "lost")
      states.append(found)
    }
    for (member, state) in zip(members, states) where state != states[0] {
      let key = keys.first { state[$0] != states[0][$0] } ?? ""
      findings.append(
        "servers \(members[0].id) and \(member.id) differ at \(key): "
          + "\(String(describing: states[0][key])), \(String(describing: state[key]))")
    }
    return findings
  }

  private func hasSettledAgain() async -> Bool {
    do throws(Failure) {
      try await self.cluster.wait(for: "all members to be alike") { await self.isSettled() }
      return true
    } catch {
      return false
    }
  }

  /// What one server itself holds.
  private func read(
    _ keys: [String], at server: ChaosServer
  ) async -> (found: [String: String?], failure: String?) {
    let rest = Guarded(keys[...])
    let found = Guarded<[String: String?]>([:])
    let client = self.cluster.client
    let failure = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<Self.readers {
        group.addTask {
          var tries = 0
          while let key = rest.withLock({ $0.popFirst() }) {
            var outcome = await client.read(key, .local, at: server.place.api)
            while case .unknown = outcome, tries < Self.readTries, !Task.isCancelled {
              tries += 1
              outcome = await client.read(key, .local, at: server.place.api)
            }
            guard case .done(let value) = outcome else { return "\(outcome)" }
            found.withLock { $0[key] = .some(value?.value) }
          }
          return nil
        }
      }
      var failure: String?
      for await ended in group { failure = failure ?? ended }
      return failure
    }
    return (found.withLock { $0 }, failure)
  }

  // MARK: What was told

  /// Looks for one order that explains all answers; returns what has none.
  func judge() -> [String] { Self.judge(self.history.history) }

  /// Looks for one order that explains all answers of a history; returns what has none.
  static func judge(_ history: ClientHistory) -> [String] {
    switch LinearizabilityChecker().check(history) {
    case .linearizable: []
    case .violation(let evidence): ["\(evidence)"]
    case .undecided(let effort): ["the history is undecided after \(effort) operations"]
    }
  }

  private static func shortened(_ lines: [String], _ noun: String, _ verb: String) -> [String] {
    guard !lines.isEmpty else { return [] }
    let more = lines.count > self.listedMax ? "; and so on" : ""
    return [
      "\(counted(lines.count, noun)) \(verb): "
        + lines.prefix(self.listedMax).joined(separator: "; ") + more
    ]
  }
}
