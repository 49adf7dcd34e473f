import Raft
import RaftCommandLine

/// What the command line asks for.
enum Invocation: Equatable, Sendable {
  case help(Verb?)
  case inspectLog(FolderOptions)
  case verifyLog(FolderOptions)
  case dumpLog(DumpOptions)
  case inspectSnapshots(FolderOptions, content: ContentCheck)

  /// Reads the words behind the program's name.
  ///
  /// - Throws: ``UsageError`` if they cannot be understood.
  init(_ words: [String]) throws(UsageError) {
    let help: Set = ["help", "--help", "-h"]
    var names = words[...]
    guard let first = names.popFirst() else {
      self = .help(nil)
      return
    }
    if help.contains(first) {
      self = .help(Verb(rawValue: names.prefix(2).joined(separator: " ")))
      return
    }
    let nouns = Set(Verb.allCases.compactMap { $0.rawValue.split(separator: " ").first })
    guard nouns.contains(first[...]) else { throw Self.unknown(first) }
    guard let second = names.popFirst(), !help.contains(second) else {
      self = .help(nil)
      return
    }
    guard let verb = Verb(rawValue: "\(first) \(second)") else {
      throw Self.unknown("\(first) \(second)")
    }
    guard let arguments = try Arguments(names, for: verb.rawValue, verb.guide) else {
      self = .help(verb)
      return
    }
    let options = try FolderOptions(arguments)
    switch verb {
    case .inspectLog: self = .inspectLog(options)
    case .verifyLog: self = .verifyLog(options)
    case .dumpLog: self = .dumpLog(try DumpOptions(arguments, options))
    case .inspectSnapshots:
      self = .inspectSnapshots(options, content: arguments.has("content") ? .checked : .unread)
    }
  }

  private static func unknown(_ words: String) -> UsageError {
    let names = Verb.allCases.map(\.rawValue)
    let hint = likelyMeant(words, among: names).map { "; did you mean '\($0)'?" }
    return UsageError(
      "unknown verb '\(words)'" + (hint ?? "; there are \(names.joined(separator: ", "))"))
  }

  /// Does what is asked for.
  func perform() throws(Failure) -> Report {
    switch self {
    case .help(let verb): Report(output: verb?.help ?? Guide.overview)
    case .inspectLog(let options): try LogVerb(options: options).inspect()
    case .verifyLog(let options): try LogVerb(options: options).verify()
    case .dumpLog(let options): try DumpVerb(options: options).dump()
    case .inspectSnapshots(let options, let content):
      try SnapshotVerb(options: options).inspect(content)
    }
  }
}

/// Whether the content of snapshots is read.
enum ContentCheck: Equatable, Sendable {
  case unread
  case checked
}

/// Which folder is meant, and how the result is printed.
struct FolderOptions: Equatable, Sendable {
  /// How results are printed.
  enum Format: String, CaseIterable, Sendable {
    case table
    case json
  }

  let folder: String
  let format: Format

  init(_ arguments: Arguments) throws(UsageError) {
    self.folder = arguments.operands[0]
    self.format = try arguments.choice("format") ?? .table
  }
}

/// Which entries are printed, and how much of them.
struct DumpOptions: Equatable, Sendable {
  let folder: FolderOptions
  /// The first entry; `nil` for the first one there is.
  let from: LogIndex?
  /// The last entry; `nil` for the last one there is.
  let through: LogIndex?
  /// How many entries at most.
  let limit: Int
  /// How many bytes of each payload are shown.
  let byteLimit: Int

  init(_ arguments: Arguments, _ folder: FolderOptions) throws(UsageError) {
    self.folder = folder
    let indexes = UInt64(0)...UInt64.max
    self.from = try arguments.number("from", in: indexes).map { LogIndex($0) }
    self.through = try arguments.number("through", in: indexes).map { LogIndex($0) }
    if let from = self.from, let through = self.through, from > through {
      throw arguments.error("--from \(from) lies behind --through \(through)")
    }
    let isTable = folder.format == .table
    self.limit = try arguments.magnitude("limit", in: 1...Int.max) ?? (isTable ? 1000 : .max)
    self.byteLimit = try arguments.magnitude("bytes", in: 0...Int.max) ?? (isTable ? 48 : .max)
  }
}

extension FolderOptions {
  init(folder: String, format: Format = .table) {
    self.folder = folder
    self.format = format
  }
}
