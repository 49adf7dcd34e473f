import Glibc
import RaftSimulator

@main
enum Main {
  /// Not asynchronous: the executor of simulated nodes must be there before any task is.
  static func main() {
    do throws(UsageError) {
      switch try Invocation(Array(CommandLine.arguments.dropFirst())) {
      case .help:
        Output.write(Guide.text)
      case .run(let options):
        Task.detached { exit(await RunVerb(options).run()) }
        while true { pause() }
      case .replay(let options):
        exit(ReplayVerb(options).run())
      case .shrink(let scenario):
        exit(ShrinkVerb(scenario).run())
      case .transcripts(let verb):
        exit(verb.run())
      case .runNodes(let seeds):
        exit(NodeVerb.run(seeds: seeds))
      case .replayNodes(let seed):
        exit(NodeVerb.replay(seed: seed))
      }
    } catch {
      Output.complain("\(error)\n")
      exit(UsageError.exitStatus)
    }
  }
}
