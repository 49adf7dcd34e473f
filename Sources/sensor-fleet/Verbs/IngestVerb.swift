import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// The verb that stores the rows of a table.
struct IngestVerb: Equatable, Sendable {
  /// How many rejected rows are listed.
  private static let listedMax = 20

  let path: String
  let columns: CSVReadings.Columns
  let batch: Int
  let concurrency: Int
  let options: ClientOptions

  init(_ arguments: Arguments) throws(UsageError) {
    self.path = arguments.operands[0]
    var columns = CSVReadings.Columns()
    if let name = arguments.value("device-column") { columns.device = name }
    if let name = arguments.value("time-column") { columns.time = name }
    self.columns = columns
    self.batch = try arguments.number("batch", in: 1...100_000) ?? 500
    self.concurrency = try arguments.number("concurrency", in: 1...256) ?? 8
    self.options = try ClientOptions(arguments)
  }

  private struct Tally {
    var stored = 0
    var missing = 0
    var rejected: [RowError] = []
    var rejectedCount = 0
  }

  func perform() async throws(Failure) -> Report {
    let table = try CSVTable(self.path, self.columns)
    let progress = ProgressLine()
    let start = ContinuousClock.now
    return try await self.options.withClient { client in
      var tally = Tally()
      try await withThrowingTaskGroup(of: (Int, Int).self) { group in
        var underWay = 0
        while let (readings, rejected) = table.next(self.batch) {
          tally.rejectedCount += rejected.count
          tally.rejected += rejected.prefix(max(0, Self.listedMax - tally.rejected.count))
          if underWay == self.concurrency, let (stored, missing) = try await group.next() {
            tally.stored += stored
            tally.missing += missing
            underWay -= 1
          }
          underWay += 1
          group.addTask {
            let missing = try await client.store(readings).missing
            return (readings.count - missing.count, missing.count)
          }
          progress.show("\(tally.stored) rows stored, \(table.percent) % read")
        }
        for try await (stored, missing) in group {
          tally.stored += stored
          tally.missing += missing
        }
      }
      progress.clear()
      return Self.report(tally, took: start.duration(to: .now))
    }
  }

  private static func report(_ tally: Tally, took duration: Duration) -> Report {
    let seconds = duration / .seconds(1)
    var report = Report()
    report.output =
      "\(counted(tally.stored, "row")) stored in \(seconds.rounded(to: 1)) s, "
      + "\(Int(Double(tally.stored) / max(seconds, 0.001))) a second\n"
    if tally.rejectedCount > 0 {
      report.output += "\(counted(tally.rejectedCount, "row")) rejected:\n"
      report.output += tally.rejected.map { "  \($0)\n" }.joined()
      let more = tally.rejectedCount - tally.rejected.count
      if more > 0 { report.output += "  and \(more) more\n" }
      report.code = .noMatch
    }
    if tally.missing > 0 {
      report.note =
        "of \(counted(tally.missing, "row")) it is not known if they are stored: ingest again"
      report.code = .outcomeUnknown
    }
    return report
  }
}

/// A table in a file, batch by batch.
final class CSVTable {
  private let lines: LineSource
  private let head: CSVReadings
  private var row = 1

  /// Opens a table and reads its head.
  ///
  /// - Throws: ``Failure`` if the file cannot be read or its head lacks a column.
  init(_ path: String, _ columns: CSVReadings.Columns) throws(Failure) {
    self.lines = try LineSource(path)
    guard let head = self.lines.next() else {
      throw Failure(.unusable, "\(path) is empty: a head is expected in its first row")
    }
    do throws(FieldError) {
      self.head = try CSVReadings(head: head, columns)
    } catch {
      throw Failure(.unusable, "\(path), row 1, \(error)")
    }
  }

  /// How much of the file is read.
  var percent: Int { self.lines.size > 0 ? self.lines.offset * 100 / self.lines.size : 100 }

  /// The readings of so many rows, and the rows that hold none; `nil` at the end.
  func next(_ count: Int) -> (readings: [Reading], rejected: [RowError])? {
    let now = WallClock.now
    var rows = ParsedRows()
    var taken = 0
    while taken < count, let line = self.lines.next() {
      self.row += 1
      guard !line.isEmpty else { continue }
      taken += 1
      rows.take(self.row) { () throws(FieldError) in try self.head.reading(line, now: now) }
    }
    return taken == 0 ? nil : (rows.readings.map(\.reading), rows.rejected)
  }
}
