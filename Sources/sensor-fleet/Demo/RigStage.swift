import RaftCommandLine
import RaftHTTP

/// Where a fleet of processes is played with, and what is tidied up afterwards.
struct RigStage: Sendable {
  let prefix: String
  let isDataKept: Bool
  /// What servers are told beside what they are told always.
  var arguments: [String] = []

  private enum Outcome: Sendable {
    case finished(Result<Report, Failure>)
    case stopped(ExitCode)
  }

  /// Lends a rig; whatever happens, no process is left, and no folder unless wanted.
  func play(
    _ timeline: Timeline, until stop: Promise<ExitCode>,
    _ body: @escaping @Sendable (FleetRig) async throws(Failure) -> Report
  ) async throws(Failure) -> Report {
    let program = try OwnProgram.path()
    let folder = try TemporaryFolder(prefix: self.prefix)
    defer {
      if !self.isDataKept { folder.remove() }
    }
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "sensor-fleet")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    let http = HTTPClient(
      on: loop,
      HTTPClient.Configuration(limits: .replication, connectionsPerServer: 256, idlePerServer: 256))
    let rig = FleetRig(
      program: program, folder: folder.path, arguments: self.arguments, http: http,
      timeline: timeline)
    let outcome = await Self.play(rig, until: stop, body)
    let words: String
    if case .finished(.success) = outcome { words = "" } else { words = rig.lastWords }
    await rig.killAll()
    await http.close()
    await loop.shutdown()
    let kept = self.isDataKept ? "; the data is in \(folder.path)" : ""
    switch outcome {
    case .finished(.success(let report)):
      if self.isDataKept { timeline.tell("the data is in \(folder.path)") }
      return report
    case .finished(.failure(let failure)):
      timeline.tell("FAILED: \(failure)")
      throw Failure(.failed, "it failed\(kept)\n\(words)")
    case .stopped(let code):
      timeline.tell("interrupted: all servers are ended\(kept)")
      return Report(code: code)
    }
  }

  private static func play(
    _ rig: FleetRig, until stop: Promise<ExitCode>,
    _ body: @escaping @Sendable (FleetRig) async throws(Failure) -> Report
  ) async -> Outcome {
    await withTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        do throws(Failure) {
          return .finished(.success(try await body(rig)))
        } catch {
          return .finished(.failure(error))
        }
      }
      group.addTask { await stop.value().map { .stopped($0) } }
      let first = await group.next() ?? nil
      group.cancelAll()
      guard let first else { preconditionFailure("neither the end nor a wish to stop came") }
      return first
    }
  }
}
