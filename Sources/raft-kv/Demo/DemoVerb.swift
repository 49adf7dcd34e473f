import Glibc
import RaftCommandLine
import RaftHTTP

/// The verb that shows a cluster lose its leader and no data.
struct DemoVerb {
  let options: DemoOptions

  /// Plays the demonstration; whatever happens, no process is left, and no folder unless wanted.
  func play(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let source = try LineSource(path: try self.path())
    guard source.census.lines > 0 else {
      throw Failure(.unusable, "there is no line of text to load: give another --load PATH")
    }
    let program = try OwnProgram.path()
    let folder = try TemporaryFolder(prefix: "raft-kv-demo-")
    defer {
      if !self.options.isDataKept { folder.remove() }
    }
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "raft-kv")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    let http = HTTPClient(
      on: loop, HTTPClient.Configuration(connectionsPerServer: 256, idlePerServer: 256))
    let timeline = Timeline()
    let demo = Demo(
      source: source, program: program, folder: folder.path, http: http, timeline: timeline)
    let census = source.census
    timeline.tell(
      "\(counted(census.lines, "line")) of \(counted(census.files, "text file")) to load; the "
        + "servers keep their data in \(folder.path)")
    let outcome = await Self.play(demo, until: stop)
    await demo.servers.killAll()
    await http.close()
    await loop.shutdown()
    return try self.verdict(outcome, demo, timeline, folder)
  }

  private enum Outcome: Sendable {
    case finished(Result<Void, Failure>)
    case stopped(ExitCode)
  }

  private static func play(_ demo: Demo, until stop: Promise<ExitCode>) async -> Outcome {
    await withTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        do throws(Failure) {
          return .finished(.success(try await demo.play()))
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

  private func verdict(
    _ outcome: Outcome, _ demo: Demo, _ timeline: Timeline, _ folder: TemporaryFolder
  ) throws(Failure) -> Report {
    let kept = self.options.isDataKept ? "; the data is in \(folder.path)" : ""
    switch outcome {
    case .finished(.success):
      timeline.tell("nothing was lost or changed\(kept)")
      return Report()
    case .finished(.failure(let failure)):
      timeline.tell("FAILED: \(failure)")
      throw Failure(.failed, "the demonstration failed\(kept)\n\(demo.servers.lastWords)")
    case .stopped(let code):
      timeline.tell("interrupted: all servers are ended\(kept)")
      return Report(code: code)
    }
  }

  // MARK: Places

  /// What to load.
  private func path() throws(Failure) -> String {
    if let path = self.options.load { return path }
    // Sources/raft-kv/Demo/DemoVerb.swift of the package that this was built from.
    let own = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    for path in [own, "Sources", "."] where access(path, R_OK) == 0 { return path }
    throw Failure(.unusable, "nothing to load was found here: give a folder with --load PATH")
  }
}
