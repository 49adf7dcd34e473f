internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Reads all records of a segment, from its beginning to its end.
enum SegmentScan {
  /// Shows each record to the body, and returns how they end.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - end: Where it ends, according to the one that follows it; `nil` for the last one.
  ///   - stretch: About how many bytes are read at once.
  ///   - read: Is told before so many bytes are read; what it throws ends the scan.
  ///   - body: Takes a record.
  /// - Throws: `StorageError` if the file cannot be read, or if the body throws.
  static func run(
    _ segment: SegmentFile, through end: SegmentPosition?, stretch: Int = 1 << 20,
    before read: (Int) throws(StorageError) -> Void = { (_) throws(StorageError) in },
    _ body: (ScannedRecord) throws(CodecError) -> Void
  ) throws(StorageError) -> SegmentVerdict {
    let file = try onDisk { () throws(FileError) in try segment.file() }
    let length = try onDisk { () throws(FileError) in try file.size() }
    var scanner = SegmentScanner(
      segment.header, length: length, sealedEnd: end, stretch: stretch)
    while true {
      switch scanner.next() {
      case .wants(let range):
        try read(range.count)
        // The file was said to be longer: a read that ends early is a failure, not its end.
        scanner.supply(
          try onDisk { () throws(FileError) in
            try file.read(exactly: range.count, at: range.lowerBound)
          })
      case .record(let record):
        do throws(CodecError) {
          try body(record)
        } catch {
          throw StorageError(error, in: segment.path)
        }
      case .end(let verdict):
        return verdict
      }
    }
  }

  /// Where a segment's records end.
  ///
  /// - Throws: `StorageError` if the verdict is that records are lost.
  static func end(
    of segment: SegmentFile, _ verdict: SegmentVerdict, after last: LogID?
  ) throws(StorageError) -> SegmentPosition {
    switch verdict {
    case .clean(let position), .torn(let position, _): return position
    case .unreadable: throw .newerFormat(segment.path, verdict.description)
    default:
      let last = last.map { "entry \($0)" } ?? "the beginning"
      throw .damaged(segment.path, "\(verdict); the log can be read up to \(last)")
    }
  }
}
