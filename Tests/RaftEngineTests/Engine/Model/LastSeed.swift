import Glibc

/// Says which seed ran last when a broken precondition ends the process.
enum LastSeed {
  private nonisolated(unsafe) static let line = UnsafeMutablePointer<CChar>.allocate(capacity: 128)

  static func note(_ seed: UInt64) {
    let text = "replay: RAFT_ENGINE_SEEDS=\(seed) swift test --filter ClusterTests\n"
    _ = text.withCString { strncpy(self.line, $0, 127) }
    signal(SIGILL) { number in
      write(2, LastSeed.line, strlen(LastSeed.line))
      signal(number, SIG_DFL)
    }
  }
}
