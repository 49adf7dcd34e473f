import Glibc

/// The life of a program with verbs: one does its work, signals may end it before, and the exit
/// status tells how it went.
package struct ProgramRun: Sendable {
  /// What the first signal does.
  package enum Interruption: Sendable {
    /// It asks the work to stop; the next one ends the process.
    case stopsInOrder
    /// It ends the process.
    case endsAtOnce
  }

  private let program: String
  private let stop = Promise<ExitCode>()

  /// A run of the program of this name.
  package init(_ program: String) {
    self.program = program
  }

  /// Writes a line to standard error, with the program's name before it.
  package func complain(_ line: String) {
    Output.complain("\(self.program): \(line)\n")
  }

  /// Ends the process for a command line that cannot be understood.
  package func refuse(_ error: UsageError) -> Never {
    self.complain(error.text(of: self.program))
    exit(error.code.rawValue)
  }

  /// Has the verb do its work while this thread, the main one, waits for signals; the process
  /// ends with the work.
  ///
  /// - Parameters:
  ///   - parent: A process with whose end this one shall end too.
  ///   - interruption: What the first signal does.
  ///   - work: Gets a promise that is kept when it shall stop.
  package func perform(
    parent: Int32? = nil, _ interruption: Interruption,
    _ work: @escaping @Sendable (Promise<ExitCode>) async throws(Failure) -> Report
  ) -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
    do throws(Failure) {
      if let parent { try endWithParent(parent) }
    } catch {
      self.complain(error.message)
      exit(error.code.rawValue)
    }
    Task { @concurrent in
      exit(await self.code(of: work).rawValue)
    }
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      let code = number == SIGINT ? ExitCode.interrupted : .terminated
      guard case .stopsInOrder = interruption, self.stop.current == nil else {
        exit(code.rawValue)
      }
      self.stop.keep(code)
    }
  }

  private func code(
    of work: @Sendable (Promise<ExitCode>) async throws(Failure) -> Report
  ) async -> ExitCode {
    do throws(Failure) {
      let report = try await work(self.stop)
      Output.write(report.output)
      if let note = report.note { self.complain(note) }
      return report.code
    } catch {
      self.complain(error.message)
      return error.code
    }
  }
}
