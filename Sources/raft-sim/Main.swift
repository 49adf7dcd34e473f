import Glibc
import RaftSimulator

@main
enum Main {
  static func main() async {
    do throws(UsageError) {
      switch try Invocation(Array(CommandLine.arguments.dropFirst())) {
      case .help:
        Output.write(Guide.text)
      case .run(let options):
        exit(await RunVerb(options).run())
      case .replay(let options):
        exit(ReplayVerb(options).run())
      case .shrink(let scenario):
        exit(ShrinkVerb(scenario).run())
      }
    } catch {
      Output.complain("\(error)\n")
      exit(UsageError.exitStatus)
    }
  }
}
