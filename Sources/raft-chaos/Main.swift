import RaftCommandLine

/// The program: reads the command line, does what it says, and exits with a status that tells how
/// it went.
@main
enum Main {
  /// How the program is called.
  static let program = "raft-chaos"

  static func main() {
    let run = ProgramRun(Self.program)
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
    } catch {
      run.refuse(error)
    }
    run.perform(.stopsInOrder) { stop throws(Failure) in
      switch invocation {
      case .help(let verb):
        return Report(output: verb?.help ?? Guide.overview)
      case .run(let options):
        return try await RunVerb(options: options).play(until: stop)
      case .flips(let options):
        return try await FlipsVerb(options: options).play(until: stop)
      }
    }
  }
}
