import RaftCommandLine

/// The verb that runs one server.
struct ServeVerb {
  let options: ServeOptions

  /// Serves until it is asked to stop.
  func serve(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let id = self.options.id
    let run = ProgramRun(Main.program)
    try await FleetServing.run(self.options, until: stop) { line in
      run.complain("server \(id): \(line)")
    } whenReady: { announcement in
      run.complain(
        "server \(id): open at \(announcement.apiAddress), the log at \(announcement.raftAddress)")
      Output.write(announcement.line + "\n")
    }
    run.complain("server \(id): stopped")
    return Report()
  }
}
