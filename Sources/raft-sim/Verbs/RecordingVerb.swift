import Glibc
import RaftCommandLine
import RaftSimulator

/// What `raft-sim replay FILE…` is to show.
struct RecordingOptions: Equatable {
  /// The recordings, of one node or several.
  var files: [String]
  /// The steps to show, numbered from 1 in the order of all recordings together.
  var shown: ClosedRange<Int>
  /// Where to write a web page, if it is wanted.
  var page: String?
  /// Which steps the text shows.
  var detail = TextTimeline.Detail.changes

  /// Whether the words behind `replay` name recordings, and not a seed.
  static func isMeant(by rest: some Sequence<String>) -> Bool {
    guard let words = try? Arguments(rest, options: Self.options) else { return false }
    return words.operands.first.map { UInt64($0) == nil } ?? false
  }

  private static let options = ["from", "to", "html", "detail"]

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Arguments(rest, options: Self.options)
    self.files = words.operands
    self.page = words.value("html")
    let from = try words.number("from", in: 1...Int.max) ?? 1
    let to = try words.number("to", in: 1...Int.max) ?? Int.max
    guard from <= to else { throw UsageError("--from \(from) lies behind --to \(to)") }
    self.shown = from...to
    switch words.value("detail") {
    case nil, "changes": self.detail = .changes
    case "everything": self.detail = .everything
    case .some(let text):
      throw UsageError("--detail must be changes or everything, not '\(text)'")
    }
  }
}

/// Shows what nodes recorded of their last steps.
struct RecordingVerb {
  private let options: RecordingOptions

  init(_ options: RecordingOptions) {
    self.options = options
  }

  func run() -> Int32 {
    var recordings: [Recording] = []
    for file in self.options.files {
      guard let bytes = Self.content(of: file) else {
        let reason = String(cString: strerror(errno))
        Output.complain(
          "raft-sim: \(file): \(reason); replay takes a seed, or files with recordings\n")
        return 1
      }
      do {
        recordings.append(try Recording(bytes))
      } catch {
        Output.complain("raft-sim: \(file): \(error)\n")
        return 1
      }
    }
    let run = RecordedRun(recordings)
    let command = "raft-sim replay \(self.options.files.joined(separator: " "))"
    guard let path = self.options.page else {
      let timeline = run.timeline(of: self.options.shown, command: command, stepsMax: Int.max / 4)
      Output.write(TextTimeline(timeline, detail: self.options.detail).text)
      return 0
    }
    let page = ReportPage(run.timeline(of: self.options.shown, command: command)).html
    guard Output.write(page, toFile: path) else {
      Output.complain("raft-sim: \(path) cannot be written: check the folder and the disk\n")
      return 1
    }
    Output.write("\(run.stepCount) steps; the page is in \(path)\n")
    return 0
  }

  private static func content(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return ferror(file) == 0 ? bytes : nil
  }
}
