import RaftCommandLine

/// What can be asked of the program.
enum Verb: String, CaseIterable, Sendable {
  case serve
  case put
  case get
  case cas
  case status
  case join
  case leave
  case transfer
  case refill
  case recover
  case trigger
  case `switch`
  case metrics
  case load
  case demo

  /// The whole help of the verb.
  var help: String { self.guide.help(for: self.rawValue, of: Main.program) }
}

extension Guide {
  /// The help of the whole program.
  static var overview: String {
    let verbs = Guide.list(of: Verb.allCases.map { ($0.rawValue, $0.guide) })
    return """
      A key-value store on a cluster of servers that agree through Raft.

      Usage: raft-kv VERB [options]

      Verbs:
      \(verbs)
      Begin with 'raft-kv demo'. 'raft-kv VERB --help' tells more, with examples.

      Exit status:
        0    done
        1    failed; standard error says why
        2    an address, port, folder or file that was given cannot be used
        3    get: no such key; cas: the key has another version
        4    the outcome of a write is unknown
        64   the command line cannot be understood
        130  ended by Ctrl-C, 143 by SIGTERM (serve stops gracefully then, and exits with 0)

      """
  }
}
