import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// The verb that rehearses troubles, again and again.
struct VerifyVerb: Equatable, Sendable {
  let runs: Int
  let seed: UInt64

  init(_ arguments: Arguments) throws(UsageError) {
    self.runs = try arguments.number("runs", in: 1...10_000) ?? 1
    self.seed = try arguments.number("seed", in: 0...(UInt64.max / 2)) ?? 1
  }

  /// Plays all runs; ends with the first one that breaks something.
  func play(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    var total = Rehearsal.Tally()
    for seed in self.seed..<(self.seed + UInt64(self.runs)) {
      Output.write("run with seed \(seed)\n")
      let tally = Guarded(Rehearsal.Tally())
      let report = try await RigStage(
        prefix: "sensor-fleet-verify-", isDataKept: false, arguments: ["--allow-cuts"]
      ).play(Timeline(), until: stop) { rig throws(Failure) in
        let found = try await Rehearsal(rig: rig, seed: seed).play()
        tally.withLock { $0 = found }
        return Report()
      }
      guard report.code == .done else { return report }
      let found = tally.withLock { $0 }
      total.troubles.merge(found.troubles) { $0 + $1 }
      total.acknowledged += found.acknowledged
      total.unknown += found.unknown
      total.epochs += found.epochs
    }
    var rows = [
      ["runs", "\(self.runs)"],
      ["readings acknowledged, all of them present", "\(total.acknowledged)"],
      ["readings of unknown outcome", "\(total.unknown)"],
      ["epochs in which somebody accepted, one server each", "\(total.epochs)"],
    ]
    rows += Rehearsal.Trouble.allCases.map { [$0.rawValue, "\(total.troubles[$0] ?? 0)"] }
    return Report(output: TextTable.aligned(rows, left: 1))
  }
}
