import RaftCommandLine
import RaftJSON

/// The figures of one measurement.
struct BenchRow {
  let options: InProcessOptions
  /// Commands that clients had answered.
  let written: Int
  /// Commands of which no client knows whether they are applied, because a leader went away.
  let unknown: Int
  let seconds: Double
  let processorMicroseconds: Double
  let allocations: UInt64
  let echoNanoseconds: Double
  /// How long some calls took.
  let latencies: LatencyCounts
  let peakMemory: Int
  /// What had been used when each part of the commands was begun, and at the end.
  let marks: [Load.Mark]
  /// What became of a learner that joined.
  let joining: InProcessBench.Joining?

  var putsPerSecond: Double { Double(self.written) / self.seconds }
  var microsecondsPerPut: Double { self.processorMicroseconds / Double(self.written) }
  var allocationsPerPut: Double { Double(self.allocations) / Double(self.written) }

  /// The latency in microseconds that this share of the calls did not exceed.
  func latency(_ share: Double) -> Double { Double(self.latencies.latency(share)) / 1000 }

  /// The figures of a part of the commands.
  struct Part {
    let putsPerSecond: Double
    let microsecondsPerPut: Double
    let allocationsPerPut: Double
    /// What the process has at its end.
    let memory: Int
  }

  var parts: [Part] {
    let count = Double(self.written) / Double(max(1, self.marks.count - 1))
    return zip(self.marks, self.marks.dropFirst()).map { start, end in
      Part(
        putsPerSecond: count / (Double(end.figures.time - start.figures.time) / 1e9),
        microsecondsPerPut: Double(end.figures.processorTime - start.figures.processorTime)
          / 1e3 / count,
        allocationsPerPut: Double(end.figures.allocations - start.figures.allocations) / count,
        memory: end.memory)
    }
  }

  /// One line for a program.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("members", self.options.members)
      writer.member("clients", self.options.clients)
      writer.member("batch", self.options.batch)
      writer.member("payloadBytes", self.options.payloadBytes)
      writer.member("operations", self.written)
      writer.member("unknown", self.unknown)
      writer.member("executor", self.options.executor.rawValue)
      writer.member("allocations", self.allocations)
      for (name, value) in self.figures { writer.member(name) { $0.write(Figure(value)) } }
      if let joining = self.joining {
        writer.member("catchUpSeconds") { $0.write(Figure(joining.seconds)) }
        writer.member("writtenBeforeJoining", joining.from)
        writer.member("writtenWhileCatchingUp", joining.through - joining.from)
      }
      guard self.options.parts > 1 else { return }
      writer.member("parts") { $0.array(self.parts) { Self.write($1, to: &$0) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private static func write(_ part: Part, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("putsPerSecond") { $0.write(Figure(part.putsPerSecond)) }
      writer.member("cpuMicrosecondsPerPut") { $0.write(Figure(part.microsecondsPerPut)) }
      writer.member("allocationsPerPut") { $0.write(Figure(part.allocationsPerPut)) }
      writer.member("memoryBytes", part.memory)
    }
  }

  private var figures: [(String, Double)] {
    [
      ("seconds", self.seconds), ("putsPerSecond", self.putsPerSecond),
      ("cpuMicrosecondsPerPut", self.microsecondsPerPut),
      ("echoCPUMicroseconds", self.echoNanoseconds / 1000),
      ("allocationsPerPut", self.allocationsPerPut),
      ("p50Microseconds", self.latency(0.5)), ("p99Microseconds", self.latency(0.99)),
      ("p999Microseconds", self.latency(0.999)), ("peakMemoryBytes", Double(self.peakMemory)),
    ]
  }

  /// A few lines for a person.
  var text: String {
    """
    members \(self.options.members), clients \(self.options.clients), batch \
    \(self.options.batch), payload \(self.options.payloadBytes) B, executor \
    \(self.options.executor.rawValue)
      commands           \(self.written)\(self.unknown > 0 ? ", \(self.unknown) unknown" : "")
      puts/s             \(Int(self.putsPerSecond))
      CPU a put          \(Figure(self.microsecondsPerPut)) us
      CPU an echo        \(Figure(self.echoNanoseconds / 1000)) us
      allocations a put  \(Figure(self.allocationsPerPut))
      latency            p50 \(Figure(self.latency(0.5))) us, p99 \(Figure(self.latency(0.99))) us, \
    p99.9 \(Figure(self.latency(0.999))) us
      peak memory        \(self.peakMemory >> 20) MiB

    """ + self.joiningText + self.partsText
  }

  private var joiningText: String {
    guard let joining = self.joining else { return "" }
    return """
        learner            joined behind \(joining.from) commands, caught up in \
      \(Figure(joining.seconds)) s, while \(joining.through - joining.from) more were begun

      """
  }

  private var partsText: String {
    guard self.options.parts > 1 else { return "" }
    let head = ["", "part", "puts/s", "CPU us", "allocations", "MiB at its end"]
    let rows = self.parts.enumerated().map { place, part in
      [
        "", "\(place + 1)", "\(Int(part.putsPerSecond))", "\(Figure(part.microsecondsPerPut))",
        "\(Figure(part.allocationsPerPut))", "\(part.memory >> 20)",
      ]
    }
    return TextTable.aligned([head] + rows, left: 0)
  }
}
