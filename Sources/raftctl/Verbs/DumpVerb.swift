import Raft
import RaftCommandLine
import RaftFileStore

/// The verb that prints entries.
struct DumpVerb {
  /// How many bytes of payload are read at once.
  private static let stretch = 1 << 20

  let options: DumpOptions
  var output: (String) -> Void = { Output.write($0) }

  /// Prints the entries, while they are read.
  func dump() throws(Failure) -> Report {
    let view = try self.options.folder.open()
    defer { view.close() }
    guard let entries = view.log.entries else {
      throw Failure(.noMatch, "the log in \(view.log.directory) holds no entry")
    }
    var next = self.options.from ?? entries.lowerBound
    let last = min(self.options.through ?? entries.upperBound, entries.upperBound)
    guard next >= entries.lowerBound, next <= last else {
      throw Failure(
        .noMatch, "the log holds entries \(entries.lowerBound) to \(entries.upperBound)")
    }
    if self.options.folder.format == .table { self.output(EntryLine.heading) }
    var count = 0
    while next <= last {
      for slice in try self.read(view, from: next, through: last) {
        var text = ""
        for index in slice.first.rawValue...slice.last.rawValue {
          guard count < self.options.limit else {
            self.output(text)
            return Report(note: "more follows: go on with --from \(index)")
          }
          text += self.text(EntryLine(slice, LogIndex(index)))
          count += 1
        }
        self.output(text)
        next = slice.last.next
      }
    }
    return Report(code: view.log.damage.isEmpty ? .done : .failed)
  }

  private func text(_ line: EntryLine) -> String {
    switch self.options.folder.format {
    case .table: line.row(showing: self.options.byteLimit)
    case .json: line.json(showing: self.options.byteLimit)
    }
  }

  private func read(
    _ view: FileStoreView, from next: LogIndex, through last: LogIndex
  ) throws(Failure) -> [EntrySlice] {
    do throws(StorageError) {
      return try view.entries(from: next, through: last, byteLimit: Self.stretch)
    } catch {
      // A file that can be read may follow.
      let behind = view.log.segments.compactMap(\.entries?.lowerBound).first { $0 > next }
      let advice = behind.map { "; go on with --from \($0)" } ?? ""
      throw Failure(.failed, error.message + advice)
    }
  }
}
