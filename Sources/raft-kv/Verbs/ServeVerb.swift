import Raft
import RaftCommandLine

/// The verb that runs one server.
struct ServeVerb {
  let options: ServeOptions

  /// Serves until it is asked to stop; if its data is damaged and it shall be rebuilt, it begins
  /// anew.
  func serve(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let rebuilding = Rebuilding(self.options)
    while let damage = try await self.run(until: stop), let rebuilding, stop.current == nil {
      self.tell("damage: \(damage)")
      let place = try rebuilding.setAside()
      let servers = rebuilding.cluster.map { "\($0)" }.joined(separator: ", ")
      self.tell(
        "the damaged data is kept in \(place); it begins without data, and asks \(servers) to be "
          + "let in again")
    }
    self.tell("stopped")
    return Report()
  }

  private func tell(_ line: String) {
    ProgramRun(Main.program).complain("node \(self.options.id): \(line)")
  }

  private func run(until stop: Promise<ExitCode>) async throws(Failure) -> StorageError? {
    let place = self.options.data.map { "keeps its data in \($0)" }
    return try await KVServer.run(self.options, until: stop) { line in
      self.tell(line)
    } whenReady: { announcement in
      self.tell(
        "serves clients at \(announcement.apiAddress), other servers at "
          + "\(announcement.raftAddress), \(place ?? "keeps its data in memory only")")
      Output.write(announcement.line + "\n")
    }
  }
}
