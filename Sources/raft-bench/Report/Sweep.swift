import RaftCommandLine

/// The whole table: every row in a process of its own, rounds interleaved, medians.
struct Sweep {
  /// One row's figures of all rounds.
  struct Line {
    let options: InProcessOptions
    var measured: [Measured] = []
  }

  /// Clients, commands a call, and commands for one measurement.
  private static let rows = [
    (1, 1, 300_000), (64, 1, 2_000_000), (256, 1, 4_000_000), (1024, 1, 4_000_000),
    (4096, 1, 4_000_000), (1024, 4, 12_000_000),
  ]

  let options: InProcessOptions

  func run() throws(BenchFailure) -> [Line] {
    var lines = InProcessOptions.Executor.allCases.flatMap { executor in
      Self.rows.map { clients, batch, operations in
        var options = self.options
        options.executor = executor
        options.clients = clients
        options.batch = batch
        options.operations = operations
        return Line(options: options)
      }
    }
    for round in 1...self.options.rounds {
      for place in lines.indices {
        Output.complain("\rround \(round) of \(self.options.rounds), row \(place + 1) ")
        lines[place].measured.append(try Measured(lines[place].options))
      }
    }
    Output.complain("\r                              \r")
    return lines
  }

  static func text(_ lines: [Line]) -> String {
    let head = [
      "executor", "clients", "batch", "puts/s", "CPU us/put", "echo us", "allocations/put",
    ]
    let rows = lines.map { line in
      [
        line.options.executor.rawValue, "\(line.options.clients)", "\(line.options.batch)",
        "\(Int(line.measured.median("putsPerSecond")))",
        "\(Figure(line.measured.median("cpuMicrosecondsPerPut")))",
        "\(Figure(line.measured.median("echoCPUMicroseconds")))",
        "\(Figure(line.measured.median("allocationsPerPut")))",
      ]
    }
    return TextTable.aligned([head] + rows, left: 1)
  }

  /// Processor time of a put over the number of clients, beside openraft's own benchmark on a
  /// machine of two cores.
  static func chart(_ lines: [Line]) -> Chart {
    let clients = Self.rows.filter { $0.1 == 1 }.map { "\($0.0)" }
    let curves = InProcessOptions.Executor.allCases.map { executor in
      Chart.Curve(
        name: executor.title,
        values: lines.filter { $0.options.executor == executor && $0.options.batch == 1 }
          .map { $0.measured.median("cpuMicrosecondsPerPut") })
    }
    return Chart(
      title: "Processor time of one write, three nodes in one process", axis: "clients",
      labels: clients,
      curves: curves + [Chart.Curve(name: "openraft", values: [63, 1.9, 1.2, 1.2, 1.3])])
  }
}
