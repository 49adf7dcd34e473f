import RaftCommandLine

/// The program: reads the command line, does what it says, and exits with a status that tells how
/// it went.
@main
enum Main {
  /// How the program is called.
  static let program = "raftctl"

  static func main() {
    let run = ProgramRun(Self.program)
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
    } catch {
      run.refuse(error)
    }
    run.perform(.endsAtOnce) { _ throws(Failure) in try invocation.perform() }
  }
}
