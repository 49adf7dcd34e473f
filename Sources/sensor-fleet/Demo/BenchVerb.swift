import RaftCommandLine
import RaftConcurrency
import RaftJSON
import SensorFleetModel

/// The verb that measures how many readings a second are stored.
struct BenchVerb {
  let options: BenchOptions

  /// Measures, and tells what the servers' file layers did meanwhile.
  func measure(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let options = self.options
    let timeline = Timeline { _ in }
    return try await RigStage(prefix: "sensor-fleet-bench-", isDataKept: false)
      .play(timeline, until: stop) { rig throws(Failure) in
        try await Self.measure(options, rig)
      }
  }

  private static func measure(
    _ options: BenchOptions, _ rig: FleetRig
  ) async throws(Failure) -> Report {
    try await rig.form(
      servers: options.servers, shards: options.shards, replicas: options.replicas, inMotion: 4)
    let ledger = FleetLedger()
    let source = ReadingSource(seed: 1, devices: 100, batch: options.batch)
    let client = rig.client
    // Who is asked first may have to wait for the owners.
    let warmUp = FleetLoad(
      source: source, client: client, ledger: ledger, clients: options.clients, pause: .zero)
    try await Self.run(warmUp, for: .seconds(1))
    let before = ledger.count
    let filesBefore = await Self.files(rig)
    let start = ContinuousClock.now
    try await Self.run(warmUp, for: .seconds(options.seconds))
    let seconds = start.duration(to: .now) / .seconds(1)
    let count = ledger.count - before
    let files = await Self.files(rig)
    let report = """
      \(options.servers) servers, \(options.replicas) replicas, \(options.shards) shards, \
      \(options.clients) clients, batches of \(options.batch)
        readings/s         \(Int(Double(count) / seconds))
        readings           \(count) in \(seconds.rounded(to: 1)) s
        batches            \(count / options.batch)
        records written    \(files.records - filesBefore.records), on all servers together
        syncs of files     \(files.syncs - filesBefore.syncs)

      """
    try await FleetVerification(rig: rig, ledger: ledger).run()
    try await rig.stopAll()
    return Report(output: report)
  }

  private static func run(_ load: FleetLoad, for time: Duration) async throws(Failure) {
    let stop = Promise<Void>()
    let timer = Task {
      try? await ContinuousClock().sleep(for: time)
      stop.keep(())
    }
    defer { timer.cancel() }
    do throws(ClientError) {
      try await load.run(until: stop)
    } catch {
      throw Failure(.failed, "readings could not be stored: \(error)")
    }
  }

  private static func files(_ rig: FleetRig) async -> (records: Int, syncs: Int) {
    var records = 0
    var syncs = 0
    for server in rig.running {
      guard let status = await rig.status(of: server) else { continue }
      records += (try? status["records_written"].int()) ?? 0
      syncs += (try? status["file_syncs"].int()) ?? 0
    }
    return (records, syncs)
  }
}
