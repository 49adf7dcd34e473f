import RaftCommandLine
import RaftJSON

/// The whole table: every row in a process of its own, rounds interleaved, medians.
struct Sweep {
  /// One row's figures of all rounds.
  struct Line {
    let executor: InProcessOptions.Executor
    let clients: Int
    let batch: Int
    var putsPerSecond: [Double] = []
    var microseconds: [Double] = []
    var echo: [Double] = []
    var allocations: [Double] = []
  }

  /// Clients, commands a call, and commands for one measurement.
  private static let rows = [
    (1, 1, 50_000), (64, 1, 1_000_000), (256, 1, 2_000_000), (1024, 1, 2_000_000),
    (4096, 1, 2_000_000), (1024, 4, 6_000_000),
  ]

  let options: InProcessOptions

  func run() throws(BenchFailure) -> [Line] {
    var lines: [Line] = InProcessOptions.Executor.allCases.flatMap { executor in
      Self.rows.map { Line(executor: executor, clients: $0.0, batch: $0.1) }
    }
    for round in 1...self.options.rounds {
      for place in lines.indices {
        Output.complain("\rround \(round) of \(self.options.rounds), row \(place + 1) ")
        try self.measure(&lines[place])
      }
    }
    Output.complain("\r                              \r")
    return lines
  }

  private func measure(_ line: inout Line) throws(BenchFailure) {
    var options = self.options
    options.clients = line.clients
    options.batch = line.batch
    options.executor = line.executor
    options.operations =
      Self.rows.first { $0.0 == options.clients && $0.1 == options.batch }?.2
      ?? options.operations
    let output = try Child.output(of: options.arguments)
    do {
      let row = try JSONDocument(output).root
      line.putsPerSecond.append(try row["putsPerSecond"].double())
      line.microseconds.append(try row["cpuMicrosecondsPerPut"].double())
      line.echo.append(try row["echoCPUMicroseconds"].double())
      line.allocations.append(try row["allocationsPerPut"].double())
    } catch {
      throw BenchFailure("a measurement wrote '\(output)': \(error)")
    }
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  static func text(_ lines: [Line]) -> String {
    let head = [
      "executor", "clients", "batch", "puts/s", "CPU us/put", "echo us", "allocations/put",
    ]
    let rows = lines.map { line in
      [
        line.executor.rawValue, "\(line.clients)", "\(line.batch)",
        "\(Int(Self.median(line.putsPerSecond)))", "\(Figure(Self.median(line.microseconds)))",
        "\(Figure(Self.median(line.echo)))", "\(Figure(Self.median(line.allocations)))",
      ]
    }
    return TextTable.aligned([head] + rows, left: 1)
  }
}
