import RaftJSON

/// The figures of one measurement of a log store.
struct LogRow {
  let options: LogOptions
  let outcome: LogWriters.Outcome
  /// What was measured in turns with it.
  let beside: LogWriters.Outcome?
  /// How many bytes of the log one append takes.
  let recordSize: Int
  /// The bare disk, with as many bytes a write.
  let bare: BareDisk
  /// The bare disk, with writes of 1 MiB.
  let medium: BareDisk
  /// The bare disk, with writes of 4 MiB.
  let large: BareDisk

  private var seconds: Double { Double(self.outcome.nanoseconds) / 1e9 }
  private var count: Double { Double(self.outcome.samples.count) }
  private var megabytes: Double { self.count * Double(self.options.entryBytes) / 1e6 }

  private var figures: [(String, Double)] {
    let samples = self.outcome.samples.sorted()
    let bare = self.bare.samples.sorted()
    return [
      ("seconds", self.seconds),
      ("appendsPerSecond", self.count / self.seconds),
      ("syncsPerSecond", Double(self.outcome.syncs) / self.seconds),
      ("entriesPerSync", self.count / Double(max(1, self.outcome.syncs))),
      ("megabytesPerSecond", self.megabytes / self.seconds),
      ("p50Microseconds", Self.latency(samples, 0.5)),
      ("p99Microseconds", Self.latency(samples, 0.99)),
      ("cpuMicrosecondsPerAppend", Double(self.outcome.processorNanoseconds) / 1e3 / self.count),
      ("bareP50Microseconds", Self.latency(bare, 0.5)),
      ("bareP99Microseconds", Self.latency(bare, 0.99)),
      ("p50ToBare", Self.latency(samples, 0.5) / Self.latency(bare, 0.5)),
      ("bareMegabytesPerSecond1MiB", self.medium.bandwidth),
      ("megabytesToBare1MiB", self.megabytes / self.seconds / self.medium.bandwidth),
      ("bareMegabytesPerSecond4MiB", self.large.bandwidth),
      ("megabytesToBare4MiB", self.megabytes / self.seconds / self.large.bandwidth),
      ("peakMemoryBytes", Double(ProcessFigures.peakMemory)),
    ] + self.besideFigures
  }

  private var besideFigures: [(String, Double)] {
    guard let beside = self.beside else { return [] }
    let samples = beside.samples.sorted()
    let count = Double(samples.count)
    let rate = count / (Double(beside.nanoseconds) / 1e9)
    return [
      ("rocksdbAppendsPerSecond", rate),
      ("rocksdbSyncsPerSecond", Double(beside.syncs) / (Double(beside.nanoseconds) / 1e9)),
      ("rocksdbP50Microseconds", Self.latency(samples, 0.5)),
      ("rocksdbP99Microseconds", Self.latency(samples, 0.99)),
      (
        "rocksdbCPUMicrosecondsPerAppend",
        Double(beside.processorNanoseconds) / 1e3 / max(1, count)
      ),
      ("timesRocksDB", self.count / self.seconds / rate),
    ]
  }

  /// One line for a program.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("store", self.options.store.rawValue)
      writer.member("entryBytes", self.options.entryBytes)
      writer.member("writers", self.options.writers)
      writer.member("recordBytes", self.recordSize)
      writer.member("appends", self.outcome.samples.count)
      for (name, value) in self.figures { writer.member(name) { $0.write(Figure(value)) } }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  /// A few lines for a person.
  var text: String {
    let figures = Dictionary(uniqueKeysWithValues: self.figures)
    func figure(_ name: String) -> Figure { Figure(figures[name] ?? 0) }
    return """
      store \(self.options.store.rawValue), entries of \(self.options.entryBytes) B, writers \
      \(self.options.writers), \(figure("seconds")) s
        appends/s          \(Int(figures["appendsPerSecond"] ?? 0))
        syncs/s            \(Int(figures["syncsPerSecond"] ?? 0))
        entries a sync     \(figure("entriesPerSync"))
        MB/s               \(figure("megabytesPerSecond"))
        latency            p50 \(figure("p50Microseconds")) us, p99 \(figure("p99Microseconds")) us
        CPU an append      \(figure("cpuMicrosecondsPerAppend")) us
        peak memory        \(ProcessFigures.peakMemory >> 20) MiB
      bare disk, pwrite and fdatasync
        \(self.recordSize) B at a time: p50 \(figure("bareP50Microseconds")) us, p99 \
      \(figure("bareP99Microseconds")) us; the store's p50 is \(figure("p50ToBare")) times that
        1 MiB at a time: \(figure("bareMegabytesPerSecond1MiB")) MB/s; the store reaches \
      \(figure("megabytesToBare1MiB")) of that
        4 MiB at a time: \(figure("bareMegabytesPerSecond4MiB")) MB/s; the store reaches \
      \(figure("megabytesToBare4MiB")) of that

      """
        + (self.beside == nil
          ? ""
          : """
          RocksDB alone, \(self.options.writers) threads, each with synced writes of its own
            appends/s          \(Int(figures["rocksdbAppendsPerSecond"] ?? 0)); the store makes \
          \(figure("timesRocksDB")) times as many
            syncs/s            \(Int(figures["rocksdbSyncsPerSecond"] ?? 0))
            latency            p50 \(figure("rocksdbP50Microseconds")) us, p99 \
          \(figure("rocksdbP99Microseconds")) us
            CPU an append      \(figure("rocksdbCPUMicrosecondsPerAppend")) us

          """)
  }

  /// The latency in microseconds that this share of the samples did not exceed.
  private static func latency(_ samples: [UInt64], _ share: Double) -> Double {
    guard !samples.isEmpty else { return 0 }
    return Double(samples[min(samples.count - 1, Int(Double(samples.count) * share))]) / 1000
  }
}
