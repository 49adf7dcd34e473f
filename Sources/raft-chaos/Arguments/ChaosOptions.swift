import RaftCommandLine

/// What all verbs are told.
struct ChaosOptions: Equatable, Sendable {
  /// How results are printed.
  enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// What the ways between servers are made of.
  enum NetworkChoice: String, CaseIterable, Sendable {
    /// Namespaces where the system allows them, else relays.
    case auto
    case namespaces
    case relays
  }

  /// The server program; `nil` for the one beside this program.
  var server: String?
  var network = NetworkChoice.auto
  var seed: UInt64 = 1
  var format = Format.text
  /// Whether the folders of rounds without findings are kept, too.
  var isKept = false
  /// Where the folders of rounds are made; `nil` for a new folder among the temporary files.
  var folder: String?
  /// A planted mistake: servers whose syncs do nothing.
  var syncsLie = false

  init() {}

  init(_ arguments: Arguments) throws(UsageError) {
    self.server = arguments.value("server")
    self.network = try arguments.choice("network") ?? .auto
    self.seed = try arguments.number("seed", in: 0...(UInt64.max / 1024)) ?? 1
    self.format = try arguments.choice("format") ?? .text
    self.isKept = arguments.has("keep")
    self.folder = arguments.value("folder")
    if self.folder == "" { throw arguments.error("--folder names no folder") }
    self.syncsLie = arguments.has("lying-syncs")
  }
}
