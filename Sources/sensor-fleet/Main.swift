import RaftCommandLine

/// The program: reads the command line, does what it says, and exits with a status that tells how
/// it went.
@main
enum Main {
  /// How the program is called.
  static let program = "sensor-fleet"

  static func main() {
    let run = ProgramRun(Self.program)
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
    } catch {
      run.refuse(error)
    }
    run.perform(
      parent: invocation.parent, invocation.endsInOrder ? .stopsInOrder : .endsAtOnce
    ) { stop throws(Failure) in
      try await Self.report(on: invocation, until: stop)
    }
  }

  private static func report(
    on invocation: Invocation, until stop: Promise<ExitCode>
  ) async throws(Failure) -> Report {
    switch invocation {
    case .help(let verb): return Report(output: verb?.help ?? Guide.overview)
    case .serve(let options): return try await ServeVerb(options: options).serve(until: stop)
    case .found(let options): return try await options.perform()
    case .leave(let options): return try await options.perform()
    case .ingest(let options): return try await options.perform()
    case .query(let options): return try await options.perform()
    case .status(let options): return try await options.perform()
    case .demo(let options): return try await DemoVerb(options: options).play(until: stop)
    case .verify(let verb): return try await verb.play(until: stop)
    case .bench(let options): return try await BenchVerb(options: options).measure(until: stop)
    }
  }
}

extension Invocation {
  /// Whether the work has something to put in order when it is interrupted.
  fileprivate var endsInOrder: Bool {
    switch self {
    case .serve, .demo, .verify, .bench: true
    case .help, .found, .leave, .ingest, .query, .status: false
    }
  }

  /// The process that started this one and with which it shall end.
  fileprivate var parent: Int32? {
    if case .serve(let options) = self { options.parent } else { nil }
  }
}
