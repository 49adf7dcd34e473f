import RaftCommandLine

/// What can be asked of the program.
enum Verb: String, CaseIterable, Sendable {
  case inspectLog = "log inspect"
  case verifyLog = "log verify"
  case dumpLog = "log dump"
  case inspectSnapshots = "snapshot inspect"

  /// The whole help of the verb.
  var help: String { self.guide.help(for: self.rawValue, of: Main.program) }

  /// What the verb accepts.
  var guide: Guide {
    switch self {
    case .inspectLog: .inspectLog
    case .verifyLog: .verifyLog
    case .dumpLog: .dumpLog
    case .inspectSnapshots: .inspectSnapshots
    }
  }
}

extension Guide {
  /// The help of the whole program.
  static var overview: String {
    let verbs = Guide.list(of: Verb.allCases.map { ($0.rawValue, $0.guide) })
    return """
      Looks at the folder of a server that does not run, and changes nothing in it.

      Usage: raftctl VERB FOLDER [options]

      Verbs:
      \(verbs)
      'raftctl VERB --help' tells more, with examples.

      Exit status:
        0    done, and what was read is sound
        1    something is damaged, or could not be read; what and where is printed
        2    the folder cannot be used: it holds no store, a server uses it, a newer version wrote it
        3    log dump: there is no such entry
        64   the command line cannot be understood

      """
  }

  private static let format = Option(
    "format", "table|json", "For people or for programs. Default: table.")
  private static let use = """
    The server must not run: what it writes meanwhile would look like damage. While raftctl reads, no
    server starts on the folder. Nothing is written, not even what a start would mend.
    """

  static let inspectLog = Guide(
    summary: "Shows what the log in a folder holds, file by file.",
    operands: ["FOLDER"], options: [format],
    text: """
      Reads the newest file, and of the others what they say of themselves, so it is quick however long
      the log is. 'log verify' reads everything.

      \(use)
      """,
    examples: ["raftctl log inspect /var/lib/fleet/raft", "raftctl log inspect n1 --format json"])

  static let verifyLog = Guide(
    summary: "Reads all files of a log and checks every record.",
    operands: ["FOLDER"], options: [format],
    text: """
      Each damage is told with the file, the place in it, the last entry before it, and the entries that
      are lost. The exit status is 0 for a sound log and 1 for a damaged one. An unfinished write at the
      end is no damage: nobody was told that it is durable, and the next start cuts it off.

      \(use)
      """,
    examples: ["raftctl log verify /var/lib/fleet/raft"])

  static let dumpLog = Guide(
    summary: "Prints the entries of a log.",
    operands: ["FOLDER"],
    options: [
      Option("from", "INDEX", "The first entry. Default: the first one there is."),
      Option("through", "INDEX", "The last entry. Default: the last one there is."),
      Option("limit", "N", "How many entries at most. Default: 1000 in a table, all in JSON."),
      Option(
        "bytes", "N",
        "How many bytes of each payload are shown. Default: 48 in a table, all in JSON."),
      format,
    ],
    text: """
      A payload that is text is shown as text, any other one in hexadecimal digits. In JSON each entry is
      an object on a line of its own.

      \(use)
      """,
    examples: [
      "raftctl log dump n1 --from 100 --limit 20",
      "raftctl log dump n1 --from 100 --through 120 --format json",
    ])

  static let inspectSnapshots = Guide(
    summary: "Shows the snapshots in a folder.",
    operands: ["FOLDER"],
    options: [
      Option("content", nil, "Read the content too, and check it."),
      format,
    ],
    text: use,
    examples: ["raftctl snapshot inspect n1 --content"])
}
