import Glibc
import RaftCommandLine
import RaftSimulator

@main
enum Main {
  /// Not asynchronous: the executor of simulated nodes must be there before any task is.
  static func main() {
    SimulatedExecutor.install()
    do throws(UsageError) {
      switch try Invocation(Array(CommandLine.arguments.dropFirst())) {
      case .help:
        Output.write(Guide.text)
      case .run(let options):
        exit(RunVerb(options).run())
      case .work(let options):
        WorkVerb(options).run()
      case .replay(let options):
        exit(ReplayVerb(options).run())
      case .shrink(let scenario):
        exit(ShrinkVerb(scenario).run())
      case .replayRecordings(let options):
        exit(RecordingVerb(options).run())
      case .soak(let options):
        exit(SoakVerb(options).run())
      case .failover(let verb):
        exit(verb.run())
      case .transcripts(let verb):
        exit(verb.run())
      }
    } catch {
      ProgramRun("raft-sim").refuse(error)
    }
  }
}
