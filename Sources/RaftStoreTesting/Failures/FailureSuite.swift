internal import Raft

/// What stores must do when their device fails.
///
/// For stores of a ``FailingStoreFactory``.
public enum FailureSuite {
  /// The cases.
  public static let cases: [StoreCase] = reports + remains

  private static func rule(
    _ name: String, contract: String, retention: StoreRetention = .untilClosed,
    body: @escaping @Sendable (StoreBench) async throws -> Void
  ) -> StoreCase {
    StoreCase(name, contract: contract, retention: retention, trial: .failure, body: body)
  }

  private static let told = "a store that fails to write or sync reports the failure"
  private static let final = "a store that failed must not accept anything afterwards"

  private static let reports: [StoreCase] = [
    rule("A write to a failing device is reported as failed", contract: told) { bench in
      bench.append(count: 3)
      try await bench.settle()
      let durable = bench.completions.durable
      try bench.setBroken(true)
      bench.append(count: 1)
      try await bench.settleAsFailed(durableAtMost: durable)
    },
    rule("A vote that cannot be written is reported as failed", contract: told) { bench in
      try bench.setBroken(true)
      bench.save(Vote(leader: bench.leader, isCommitted: false))
      try await bench.settleAsFailed(durableAtMost: 0)
    },
    rule("A cluster that cannot be written is reported as failed", contract: told) { bench in
      try bench.setBroken(true)
      bench.adopt(ClusterID(high: 1, low: 2))
      try await bench.settleAsFailed(durableAtMost: 0)
    },
    rule(
      "A failure reaches the write behind a truncation that nobody waits for",
      contract: "truncate reports nothing: its failure is that of the write that follows"
    ) { bench in
      bench.append(count: 9)
      try await bench.settle()
      let durable = bench.completions.durable
      try bench.setBroken(true)
      bench.truncate(after: 4)
      bench.append(count: 1)
      try await bench.settleAsFailed(durableAtMost: durable)
    },
    rule(
      "A failure reaches the write behind a purge that nobody waits for",
      contract: "purge reports nothing: its failure is that of the write that follows"
    ) { bench in
      bench.append(count: 9)
      try await bench.settle()
      let durable = bench.completions.durable
      try bench.setBroken(true)
      bench.note(committed: 6)
      bench.purge(through: 4)
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      try await bench.settleAsFailed(durableAtMost: durable)
    },
    rule(
      "Nothing that was queued behind a failure is reported as durable",
      contract: "all writes form one ordered sequence: a failed one takes the later ones along"
    ) { bench in
      bench.append(count: 1)
      try await bench.settle()
      let durable = bench.completions.durable
      try bench.setBroken(true)
      for round in 0..<30 {
        bench.append(count: 1 + round % 3)
        if round % 4 == 3 { bench.save(Vote(leader: bench.leader, isCommitted: true)) }
      }
      let failed = bench.completions
      try await bench.settleAsFailed(durableAtMost: durable)
      await bench.close()
      try failed.expectNothingDurable(after: durable)
      try failed.expectOnce()
    },
    rule("After a failure writes are refused, though the device works again", contract: final) {
      bench in
      bench.append(count: 1)
      try await bench.settle()
      let durable = bench.completions.durable
      try bench.setBroken(true)
      bench.append(count: 1)
      try await bench.settleAsFailed(durableAtMost: durable)
      try bench.setBroken(false)
      bench.append(count: 1)
      try await bench.settleAsFailed(durableAtMost: 0)
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      try await bench.settleAsFailed(durableAtMost: 0)
    },
    rule(
      "A snapshot that cannot be written is refused, and the one before it stays",
      contract: "a snapshot becomes visible as a whole or not at all"
    ) { bench in
      let content = StoreBench.content(100_000, seed: 1)
      try await bench.store(StoreBench.meta(at: 10), pieces: [content])
      try bench.setBroken(true)
      do {
        try await bench.store(
          StoreBench.meta(at: 20), pieces: [StoreBench.content(100_000, seed: 2)])
      } catch is StorageError {
        try bench.setBroken(false)
        try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
        return
      }
      throw Deviation(
        expected: "an error of begin, write or commit on a failing device", found: "a snapshot")
    },
  ]

  private static let remains: [StoreCase] = [
    rule(
      "What was reported before a failure is there when the stores are opened again",
      contract: "what was reported as durable is there after a failure",
      retention: .acrossReopening
    ) { bench in
      bench.adopt(ClusterID(high: 1, low: 2))
      bench.save(Vote(leader: bench.leader, isCommitted: true))
      bench.append(byteCounts: [10, 0, 5000])
      try await bench.settle()
      let before = bench.model
      let durable = bench.completions.durable
      try bench.setBroken(true)
      bench.save(Vote(leader: LeaderID(term: 9, node: 2), isCommitted: false))
      bench.append(count: 2)
      try await bench.settleAsFailed(durableAtMost: durable)
      let after = bench.model
      await bench.close()
      try bench.setBroken(false)
      try await bench.openAfterFailure()
      let found = try await PowerCutFinding(bench.loaded, bench.log)
      var next = before
      next.vote = after.vote
      var possible = [before, next]
      for entry in after.entries.suffix(2) {
        next.append(entry)
        possible.append(next)
      }
      try found.expectOne(of: possible[...])
    }
  ]
}

extension StoreBench {
  /// Lets the device fail, or work again.
  fileprivate func setBroken(_ isBroken: Bool) throws(Deviation) {
    guard let set = self.device.setBroken else {
      throw Deviation(expected: "a FailingStoreFactory", found: "another one")
    }
    set(isBroken)
  }
}
