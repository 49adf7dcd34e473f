import Raft
import RaftCommandLine

/// The verb that runs one server.
struct ServeVerb {
  let options: ServeOptions

  /// Serves until it is asked to stop.
  func serve(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let id = self.options.id
    let data = self.options.data
    let run = ProgramRun(Main.program)
    try await KVServer.run(self.options, until: stop) { line in
      run.complain("node \(id): \(line)")
    } whenReady: { announcement in
      let place = data.map { "keeps its data in \($0)" } ?? "keeps its data in memory only"
      run.complain(
        "node \(id): serves clients at \(announcement.apiAddress), other servers at "
          + "\(announcement.raftAddress), \(place)")
      Output.write(announcement.line + "\n")
    }
    run.complain("node \(id): stopped")
    return Report()
  }
}
