import RaftFiles

/// Whether bytes of a file were safe from a power cut at some moment.
public enum FileCoverage: Hashable, Sendable {
  /// Every byte was written, and synced after; so was every name that leads to the file.
  case covered
  /// The earliest event that the bytes depend on and that no sync covers.
  case uncovered(FileEvent)
  /// The journal knows no write of these bytes, which belong to the range asked for.
  case unwritten(Range<Int>)
}

extension FileJournal {
  /// Whether these bytes of the file of this name were durable just before an event.
  ///
  /// Ask it at the event that promised them, such as the note of an acknowledgement: everything
  /// but ``FileCoverage/covered`` is a promise too early. What a crash other than
  /// ``CrashMode/keepAll`` left on the disk counts as unwritten, and so does what the retention
  /// has let go: keep ``Retention/everything`` to judge.
  public func coverage(
    of range: Range<Int>, in path: String, before sequence: Int
  ) -> FileCoverage {
    let past = self.events.prefix { $0.sequence < sequence }
    let crash = past.lastIndex {
      if case .crashed(let mode) = $0.action { mode != .keepAll } else { false }
    }
    let events = past[(crash.map { $0 + 1 } ?? past.startIndex)...]
    let path = DiskPath(path)
    guard let file = events.file(named: path) else { return .unwritten(range) }

    var content = ContentCoverage(range: range)
    for event in events where event.file == file { content.follow(event) }
    let names = path.levels.compactMap { events.unsyncedName($0) }
    if let first = (content.uncovered + names).min(by: { $0.sequence < $1.sequence }) {
      return .uncovered(first)
    }
    return content.unwritten.first.map { .unwritten($0) } ?? .covered
  }
}

/// Follows the writes and syncs of one file, as far as they concern one range.
private struct ContentCoverage {
  let range: Range<Int>
  var unwritten: [Range<Int>]
  /// Writes that the next sync covers.
  var waiting: [(event: FileEvent, range: Range<Int>)] = []
  /// Writes that a failed sync has put out of reach of every later one.
  var stranded: [(event: FileEvent, range: Range<Int>)] = []

  var uncovered: [FileEvent] { (self.waiting + self.stranded).map(\.event) }

  init(range: Range<Int>) {
    self.range = range
    self.unwritten = range.isEmpty ? [] : [range]
  }

  mutating func follow(_ event: FileEvent) {
    switch event.action {
    case .wrote(_, let written): self.wrote(written, event)
    case .resized(_, let old, let new) where new > old: self.wrote(old..<new, event)
    case .resized(_, let old, let new): self.cut(new..<old)
    case .synced: self.waiting = []
    case .failed(.sync, _, _):
      self.stranded += self.waiting
      self.waiting = []
    default: break
    }
  }

  private mutating func wrote(_ written: Range<Int>, _ event: FileEvent) {
    let piece = written.clamped(to: self.range)
    guard !piece.isEmpty else { return }
    self.unwritten = self.unwritten.flatMap { $0.without(piece) }
    // Bytes that are written anew no longer depend on the write that was lost.
    self.stranded = self.stranded.flatMap { lost in
      lost.range.without(piece).map { (lost.event, $0) }
    }
    self.waiting.append((event, piece))
  }

  private mutating func cut(_ lost: Range<Int>) {
    let piece = lost.clamped(to: self.range)
    guard !piece.isEmpty else { return }
    self.unwritten = self.unwritten.flatMap { $0.without(piece) } + [piece]
  }
}

extension Range<Int> {
  fileprivate func without(_ other: Range<Int>) -> [Range<Int>] {
    guard self.overlaps(other) else { return [self] }
    let pieces = [
      self.lowerBound..<Swift.max(self.lowerBound, other.lowerBound),
      Swift.min(self.upperBound, other.upperBound)..<self.upperBound,
    ]
    return pieces.filter { !$0.isEmpty }
  }
}

extension ArraySlice<FileEvent> {
  /// The number of the file that has the name after these events, as far as they tell.
  fileprivate func file(named path: DiskPath) -> Int? {
    let name = path.description
    for event in self.reversed() {
      switch event.action {
      case .opened(name), .created(name), .renamed(_, to: name): return event.file
      case .removed(name), .renamed(name, to: _): return nil
      default: continue
      }
    }
    return nil
  }

  /// The event that gave the path its name, unless a sync of its directory covers it.
  ///
  /// The first sync after the name decides: once it has failed, no later one brings the name back
  /// within reach.
  fileprivate func unsyncedName(_ path: DiskPath) -> FileEvent? {
    let name = path.description
    let parent = path.parent.description
    let binding = self.lastIndex {
      switch $0.action {
      case .created(name), .directoryCreated(name), .renamed(_, to: name): true
      default: false
      }
    }
    guard let binding else { return nil }
    for event in self[binding...] {
      switch event.action {
      case .directorySynced(parent): return nil
      case .failed(.syncDirectory, parent, _): return self[binding]
      default: continue
      }
    }
    return self[binding]
  }
}
