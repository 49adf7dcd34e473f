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
    var text = "executor  clients  batch   puts/s      CPU us/put  echo us  allocations/put\n"
    for line in lines {
      let cells = [
        (line.executor.rawValue, 8), ("\(line.clients)", 9), ("\(line.batch)", 7),
        ("\(Int(Self.median(line.putsPerSecond)))", 10),
        ("\(Figure(Self.median(line.microseconds)))", 14),
        ("\(Figure(Self.median(line.echo)))", 9),
        ("\(Figure(Self.median(line.allocations)))", 12),
      ]
      for (cell, width) in cells {
        text += String(repeating: " ", count: max(1, width - cell.count)) + cell
      }
      text += "\n"
    }
    return text
  }
}
