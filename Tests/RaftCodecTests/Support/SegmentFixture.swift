import RaftCodec
import RaftEngine

/// A segment file in memory, written as a store does: batch by batch, each synced before the next.
struct SegmentFixture {
  /// A record as it stands in the file.
  struct Placed: Equatable {
    let record: LogRecord
    let range: Range<Int>
  }

  let header: SegmentHeader
  var encoder: SegmentEncoder
  /// The file; behind the records it holds what it held before.
  var file: [UInt8]
  var placed: [Placed] = []

  init(
    salt: UInt64 = 0x5A17_5A17_5A17_5A17, previousEnd: SegmentPosition? = nil,
    over former: [UInt8] = Array(repeating: 0, count: 4096)
  ) {
    self.header = SegmentHeader(
      node: 1, incarnation: Incarnation(0xCAFE), cluster: ClusterID(high: 1, low: 2, generation: 3),
      number: 4, salt: salt, previousLogID: LogID(term: 2, node: 1, index: 41),
      previousEnd: previousEnd)
    self.encoder = SegmentEncoder(self.header)
    self.file = former
    self.file.replaceSubrange(0..<SegmentHeader.size, with: self.header.encoded)
  }

  /// Writes the records; that they are synced is noted before the next batch.
  mutating func write(_ batch: [LogRecord]) {
    self.encoder.noteSynced(through: self.encoder.position)
    self.writeUnsynced(batch)
  }

  /// Writes the records as a further part of the batch before.
  mutating func writeUnsynced(_ batch: [LogRecord]) {
    for record in batch {
      let start = self.encoder.position.offset
      var writer = ByteWriter()
      self.encoder.encode(record, into: &writer)
      let range = start..<(start + writer.count)
      self.file.replaceSubrange(start..<min(range.upperBound, self.file.count), with: writer.bytes)
      self.placed.append(Placed(record: record, range: range))
    }
  }

  /// Scans the file as it is now, or as it is given.
  func scan(
    _ file: [UInt8]? = nil, sealedEnd: SegmentPosition? = nil, stretch: Int = 1 << 20
  ) -> Scan {
    Scan(self.header, file ?? self.file, sealedEnd: sealedEnd, stretch: stretch)
  }
}

/// What a scan of a file gave.
struct Scan: Equatable {
  var records: [LogRecord] = []
  var verdict: SegmentVerdict

  init(
    _ header: SegmentHeader, _ file: [UInt8], sealedEnd: SegmentPosition?, stretch: Int
  ) {
    var scanner = SegmentScanner(
      header, length: file.count, sealedEnd: sealedEnd, stretch: stretch)
    while true {
      switch scanner.next() {
      case .wants(let range):
        scanner.supply(Array(file[range]))
      case .record(let record):
        do {
          self.records.append(try record.record())
        } catch {
          preconditionFailure("\(error)")
        }
      case .end(let verdict):
        self.verdict = verdict
        return
      }
    }
  }
}
