import RaftCommandLine

/// What can be asked of the program.
enum Verb: String, CaseIterable, Sendable {
  case serve
  case found
  case leave
  case ingest
  case query
  case status
  case demo
  case verify
  case bench

  /// The whole help of the verb.
  var help: String { self.guide.help(for: self.rawValue, of: Main.program) }

  /// What the verb accepts and what its help says.
  var guide: Guide {
    switch self {
    case .serve: .serve
    case .found: .found
    case .leave: .leave
    case .ingest: .ingest
    case .query: .query
    case .status: .status
    case .demo: .demo
    case .verify: .verify
    case .bench: .bench
    }
  }
}

extension Guide {
  /// The help of the whole program.
  static var overview: String {
    """
    A store for the readings of many devices, sharded over servers that agree through Raft on who
    holds what.

    Usage: sensor-fleet VERB [options]

    Verbs:
    \(Guide.list(of: Verb.allCases.map { ($0.rawValue, $0.guide) }))
    Begin with 'sensor-fleet demo'. 'sensor-fleet VERB --help' tells more, with examples.

    Exit status:
      0    done
      1    failed; standard error says why
      2    an address, port, folder or file that was given cannot be used
      3    query: there is no reading of the device; ingest: rows were rejected
      4    ingest: it is not known if all readings are stored
      64   the command line cannot be understood
      130  ended by Ctrl-C, 143 by SIGTERM (serve stops gracefully then, and exits with 0)

    """
  }
}
