/// A recording that was read: the last steps of one node, and what could not be read of them.
package struct FlightRecording: Hashable, Sendable {
  /// A record and its moment on the wall clock.
  package struct Entry: Hashable, Sendable {
    package let record: FlightRecord
    /// Nanoseconds since 1970, by the clock of the node's machine.
    package let time: Int64
    /// How many records between this one and the one before it are missing.
    package let missingBefore: UInt64
  }

  package let header: FlightHeader
  /// The records, oldest first.
  package let entries: [Entry]
  /// How many records were begun and not finished, or changed since.
  package let tornCount: Int
  /// How many records the file is too short for.
  package let cutCount: Int

  /// Reads the bytes of a recording.
  ///
  /// Records that cannot be read are left out and counted.
  ///
  /// - Throws: ``FlightRecordingError`` if the bytes are no recording, or one of another version.
  package init(_ bytes: [UInt8]) throws(FlightRecordingError) {
    let words = Self.words(bytes)
    guard words.first == FlightLayout.magic || words.count >= FlightLayout.headerWords else {
      throw .notARecording
    }
    guard words.count >= FlightLayout.headerWords else {
      throw .truncated(byteCount: bytes.count)
    }
    let header = try FlightHeader(words[..<FlightLayout.headerWords])
    var records: [FlightRecord] = []
    var tornCount = 0
    let slots = min(
      header.capacity, (words.count - FlightLayout.headerWords) / FlightLayout.recordWords)
    for slot in 0..<slots {
      let first = FlightLayout.headerWords + slot * FlightLayout.recordWords
      let place = words[first..<first + FlightLayout.recordWords]
      if let record = FlightRecord(place) {
        records.append(record)
      } else if place.contains(where: { $0 != 0 }) {
        tornCount += 1
      }
    }
    records.sort { $0.sequence < $1.sequence }
    self.header = header
    self.entries = Self.entries(records, header)
    self.tornCount = tornCount
    self.cutCount = header.capacity - slots
  }

  /// Puts the records on the wall clock, newest first: each start of the node tells how the clock
  /// of the life before it lay.
  private static func entries(_ records: [FlightRecord], _ header: FlightHeader) -> [Entry] {
    var offset = header.clockOffset
    var entries: [Entry] = []
    entries.reserveCapacity(records.count)
    for (index, record) in records.enumerated().reversed() {
      let before = index > 0 ? records[index - 1].sequence : record.sequence - 1
      entries.append(
        Entry(
          record: record, time: record.moment.nanoseconds &+ offset,
          missingBefore: index > 0 && record.sequence > before ? record.sequence - before - 1 : 0))
      if record.told.kind == .started, record.told.flag() {
        offset = Int64(bitPattern: record.told.words[1])
      }
    }
    return entries.reversed()
  }

  private static func words(_ bytes: [UInt8]) -> [UInt64] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { number in
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * number, as: UInt64.self))
      }
    }
  }
}

/// Why bytes are no recording that this build can read.
package enum FlightRecordingError: Error, Hashable, Sendable {
  /// They do not begin like one.
  case notARecording
  /// Another build wrote them.
  case unknownVersion(UInt32, known: UInt32)
  /// They end within the header.
  case truncated(byteCount: Int)
  /// Both copies of the header were changed.
  case damagedHeader
}

extension FlightRecordingError: CustomStringConvertible {
  /// What is wrong, and what to do.
  package var description: String {
    switch self {
    case .notARecording:
      "this is no flight recording: it does not begin with RAFTFREC"
    case .unknownVersion(let version, let known):
      "the recording has version \(version), this build reads version \(known): use the build "
        + "that wrote it"
    case .truncated(let byteCount):
      "the recording has \(byteCount) bytes and ends within its header: copy the file again"
    case .damagedHeader:
      "both copies of the recording's header are damaged: copy the file again"
    }
  }
}
