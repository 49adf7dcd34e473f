/// Encodes the records of one segment, in order.
///
/// The owner writes what ``encode(_:group:into:)`` adds at ``position``, as it was before, syncs,
/// and then says so by ``noteSynced(through:)``: from then on each further record vouches for what
/// is synced. It must never be told of a sync that did not happen.
public struct SegmentEncoder: Sendable {
  /// The segment's random bits.
  public let salt: UInt64
  /// Where the next record will stand.
  public private(set) var position: SegmentPosition
  /// Up to where the segment is known to be synced.
  public private(set) var synced: SegmentPosition

  /// Begins a segment, whose header is already synced.
  public init(_ header: SegmentHeader) {
    self.init(header, resumingAt: header.firstPosition)
  }

  /// Goes on with a segment, of which everything before `position` is known to be synced.
  ///
  /// That a scan could read it does not mean that: sync the file first.
  public init(_ header: SegmentHeader, resumingAt position: SegmentPosition) {
    self.salt = header.salt
    self.position = position
    self.synced = position
  }

  /// Adds a record to what is to be written next, and moves ``position`` behind it.
  ///
  /// - Precondition: the body is not longer than ``RecordHeader/maximumBodyLength``.
  public mutating func encode(
    _ record: LogRecord, group: UInt64 = 0, into writer: inout ByteWriter
  ) {
    let start = writer.count
    writer.write(zeros: RecordHeader.size)
    writer.write(body: record)
    let body = (start + RecordHeader.size)..<writer.count
    precondition(
      body.count <= RecordHeader.maximumBodyLength, "a record of \(body.count) bytes: \(record)")
    var header = RecordHeader(
      kind: record.kind, group: group, position: self.position, synced: self.synced,
      bodyLength: body.count, bodyChecksum: CRC32C.checksum(of: writer.bytes, in: body))
    writer.write(zeros: header.recordLength - RecordHeader.size - body.count)
    writer.fill(from: start) { header.finish(into: $0, salt: self.salt) }
    self.position = header.end
  }

  /// Everything before this place is durable.
  ///
  /// - Precondition: the place is one that ``position`` had, not before the last one noted.
  public mutating func noteSynced(through place: SegmentPosition) {
    precondition(
      place.offset >= self.synced.offset && place.offset <= self.position.offset,
      "synced through \(place), after \(self.synced) and before \(self.position)")
    self.synced = place
  }
}
