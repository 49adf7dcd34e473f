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
  /// How long some calls took, in nanoseconds, the shortest first.
  let samples: [UInt64]
  let peakMemory: Int

  var putsPerSecond: Double { Double(self.written) / self.seconds }
  var microsecondsPerPut: Double { self.processorMicroseconds / Double(self.written) }
  var allocationsPerPut: Double { Double(self.allocations) / Double(self.written) }

  /// The latency in microseconds that this share of the calls did not exceed.
  func latency(_ share: Double) -> Double {
    guard !self.samples.isEmpty else { return 0 }
    let place = min(self.samples.count - 1, Int(Double(self.samples.count) * share))
    return Double(self.samples[place]) / 1000
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
      for (name, value) in self.figures { writer.member(name) { $0.write(Figure(value)) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
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

    """
  }
}
