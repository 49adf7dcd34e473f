import Glibc
import RaftSimulator

/// Says how to replay the run that was going on when a broken precondition ended the process.
enum LastScenario {
  private static let room = 4096
  private nonisolated(unsafe) static let line = UnsafeMutablePointer<CChar>.allocate(capacity: room)

  static func note(_ scenario: Scenario) {
    let text = "a precondition is broken; replay: raft-sim replay \(scenario.arguments)\n"
    _ = text.withCString { strncpy(Self.line, $0, Self.room - 1) }
    for number in [SIGILL, SIGTRAP] {
      signal(number) { number in
        write(2, LastScenario.line, strlen(LastScenario.line))
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
