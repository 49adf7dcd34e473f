import RaftCommandLine
import RaftJSON

/// What steps of the pure engine cost, by the event that it takes: no thread, no disk, no network.
struct EngineBench {
  let options: EngineOptions

  func run() throws(BenchFailure) -> EngineReport {
    var rows: [EngineLedger.Row] = []
    let before = ProcessFigures.allocations
    for scenario in self.options.scenarios {
      rows += try EngineRun(
        scenario: scenario, members: self.options.members, rounds: self.options.rounds
      ).run()
    }
    return EngineReport(
      options: self.options, rows: rows, allocations: ProcessFigures.allocations - before)
  }
}

/// The figures of all scenarios.
struct EngineReport {
  let options: EngineOptions
  let rows: [EngineLedger.Row]
  /// Of the whole run, what builds clusters and carries out commands included.
  let allocations: UInt64

  /// One line for a program.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("members", self.options.members)
      writer.member("rounds", self.options.rounds)
      writer.member("copies", EngineCluster.copies)
      writer.member("allocations", self.allocations)
      writer.member("rows") { $0.array(self.rows) { Self.write($1, to: &$0) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private static func write(_ row: EngineLedger.Row, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("scenario", row.kind.scenario.rawValue)
      writer.member("event", row.kind.event)
      writer.member("at", "\(row.kind.state)")
      writer.member("steps", row.steps)
      writer.member("stepsPerSecond", Int(row.stepsPerSecond))
      writer.member("cpuNanosecondsPerStep") { $0.write(Figure(row.nanosecondsPerStep)) }
      writer.member("allocationsPerStep") { $0.write(Figure(row.allocationsPerStep)) }
    }
  }

  /// A table for a person.
  var text: String {
    let head = ["scenario", "event", "at", "steps", "steps/s", "CPU ns", "allocations"]
    let rows = self.rows.map { row in
      [
        row.kind.scenario.rawValue, row.kind.event, "\(row.kind.state)", "\(row.steps)",
        "\(Int(row.stepsPerSecond))", "\(Int(row.nanosecondsPerStep.rounded()))",
        "\(Figure(row.allocationsPerStep))",
      ]
    }
    return TextTable.aligned([head] + rows, left: 3)
  }
}
