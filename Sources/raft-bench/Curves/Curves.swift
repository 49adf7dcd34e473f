import RaftCommandLine
import RaftJSON

/// Costs as the work grows: every point in a process of its own, rounds interleaved, medians.
struct Curves {
  /// The points of one curve with one executor.
  struct Line {
    let curve: Curve
    let executor: InProcessOptions.Executor
    var points: [Curve.Point]
  }

  /// What is shown of a point: the figure's name, and what stands above it.
  private static let columns = [
    ("putsPerSecond", "puts/s"), ("cpuMicrosecondsPerPut", "CPU us/put"),
    ("echoCPUMicroseconds", "echo us"), ("allocationsPerPut", "allocations/put"),
    ("p50Microseconds", "p50 us"), ("p99Microseconds", "p99 us"), ("peakMemoryBytes", "peak MiB"),
  ]
  private static let partColumns = [
    ("putsPerSecond", "puts/s"), ("cpuMicrosecondsPerPut", "CPU us/put"),
    ("allocationsPerPut", "allocations/put"), ("memoryBytes", "MiB at its end"),
  ]

  let options: CurvesOptions

  func run() throws(BenchFailure) -> [Line] {
    var lines = self.options.curves.flatMap { curve in
      InProcessOptions.Executor.allCases.map { executor in
        Line(curve: curve, executor: executor, points: curve.points(executor))
      }
    }
    for round in 1...self.options.rounds {
      for line in lines.indices {
        for point in lines[line].points.indices {
          Output.complain(
            "\rround \(round) of \(self.options.rounds), \(lines[line].curve.rawValue)        ")
          let options = lines[line].points[point].options
          lines[line].points[point].measured.append(try Measured(options))
        }
      }
    }
    Output.complain("\r                                        \r")
    return lines
  }

  // MARK: Telling

  static func text(_ lines: [Line]) -> String {
    lines.map { line in
      let (head, rows) = line.curve.isOneRun ? Self.parts(line) : Self.points(line)
      return "\(line.curve.title), \(line.executor.title)\n"
        + TextTable.aligned([head] + rows, left: 0) + Self.catchUp(line) + "\n"
    }.joined()
  }

  private static func points(_ line: Line) -> ([String], [[String]]) {
    let rows = line.points.map { point in
      [point.label]
        + Self.columns.map { Self.cell(point.measured.median($0.0), of: $0.0) }
    }
    return ([line.curve.axis] + Self.columns.map(\.1), rows)
  }

  private static func parts(_ line: Line) -> ([String], [[String]]) {
    let rows = line.points.flatMap { point in
      (0..<point.options.parts).map { part in
        ["\(part + 1)"]
          + Self.partColumns.map {
            Self.cell(point.measured.median($0.0, ofPart: part), of: $0.0)
          }
      }
    }
    return ([line.curve.axis] + Self.partColumns.map(\.1), rows)
  }

  private static func cell(_ value: Double, of name: String) -> String {
    switch name {
    case "putsPerSecond": "\(Int(value))"
    case "peakMemoryBytes", "memoryBytes": "\(Int(value) >> 20)"
    default: "\(Figure(value))"
    }
  }

  private static func catchUp(_ line: Line) -> String {
    guard line.curve == .learner, let point = line.points.first else { return "" }
    let seconds = point.measured.median("catchUpSeconds")
    let before = Int(point.measured.median("writtenBeforeJoining"))
    let meanwhile = Int(point.measured.median("writtenWhileCatchingUp"))
    return """
      the learner joined behind \(before) commands and had caught up after \(Figure(seconds)) s, \
      \(meanwhile) commands later

      """
  }

  /// One line for a program.
  static func json(_ lines: [Line], rounds: Int) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("rounds", rounds)
      writer.member("curves") { $0.array(lines) { Self.write($1, to: &$0) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private static func write(_ line: Line, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("curve", line.curve.rawValue)
      writer.member("executor", line.executor.rawValue)
      writer.member("axis", line.curve.axis)
      writer.member("points") { $0.array(line.points) { Self.write($1, of: line.curve, to: &$0) } }
    }
  }

  private static func write(
    _ point: Curve.Point, of curve: Curve, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      if !curve.isOneRun { writer.member("at", point.label) }
      let learner = ["catchUpSeconds", "writtenBeforeJoining", "writtenWhileCatchingUp"]
      for name in Self.columns.map(\.0) + (curve == .learner ? learner : []) {
        writer.member(name) { $0.write(Figure(point.measured.median(name))) }
      }
      guard curve.isOneRun else { return }
      writer.member("parts") { writer in
        writer.array(0..<point.options.parts) { writer, part in
          writer.object { writer in
            for (name, _) in Self.partColumns {
              writer.member(name) { $0.write(Figure(point.measured.median(name, ofPart: part))) }
            }
          }
        }
      }
    }
  }

  /// A chart of each curve, with both executors.
  static func charts(_ lines: [Line]) -> [Chart] {
    Curve.allCases.compactMap { curve in
      let own = lines.filter { $0.curve == curve }
      guard let first = own.first, let point = first.points.first else { return nil }
      let labels =
        curve.isOneRun
        ? (1...point.options.parts).map(String.init) : first.points.map(\.label)
      return Chart(
        title: curve.title, axis: curve.axis, labels: labels,
        curves: own.map { Chart.Curve(name: $0.executor.title, values: Self.values($0)) })
    }
  }

  private static func values(_ line: Line) -> [Double] {
    let name = "cpuMicrosecondsPerPut"
    guard line.curve.isOneRun else { return line.points.map { $0.measured.median(name) } }
    return line.points.flatMap { point in
      (0..<point.options.parts).map { point.measured.median(name, ofPart: $0) }
    }
  }
}
