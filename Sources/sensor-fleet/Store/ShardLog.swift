import RaftFiles
import SensorFleetModel

/// The records of one shard in append-only files, each up to some size.
///
/// Belongs to the thread of the store. Nothing is durable before ``sync()``; a failed write or sync
/// is final.
final class ShardLog {
  private struct Segment {
    let first: UInt64
    let file: any File
    var bytes: Int
  }

  private struct Place {
    let segment: Int
    let offset: Int
    let bytes: Int
  }

  /// After how many bytes a new file begins.
  private let segmentBytes: Int
  /// How many bytes of the newest records are kept in memory, for replicas that follow closely.
  private var recentBytes: Int { self.segmentBytes / 4 }

  private let files: any FileSystem
  private let folder: String
  private var segments: [Segment] = []
  private var places: [Place] = []
  private var recent: [ShardRecord] = []
  private var recentSize = 0
  private var isDirty = false
  /// Which epochs wrote which records.
  private(set) var shape = LogShape()
  /// What is known of the devices, as far as somebody asked.
  var index = SeriesIndex()

  /// Opens the log in a folder, or makes it.
  ///
  /// What a crash left unfinished at its end is cut off: nobody was told that it is durable.
  init(
    folder: String, _ files: any FileSystem, segmentBytes: Int = 16 << 20
  ) throws(StoreError) {
    self.segmentBytes = segmentBytes
    self.folder = folder
    self.files = files
    do throws(FileError) {
      try files.createDirectoryDurably(folder)
      let names = try files.names(in: folder).filter { $0.hasSuffix(".segment") }
      for (place, name) in names.enumerated() {
        try self.openSegment(name, isLast: place == names.count - 1)
      }
    } catch {
      throw .file(error)
    }
    guard self.gap == nil else {
      throw .damaged("\(folder): \(self.gap ?? "")")
    }
  }

  private var gap: String?

  private func openSegment(_ name: String, isLast: Bool) throws(FileError) {
    let path = FilePath.joining(self.folder, name)
    let file = try self.files.open(path, .readWrite)
    let bytes = try file.read(upTo: try file.size(), at: 0)
    self.segments.append(Segment(first: self.shape.last.sequence + 1, file: file, bytes: 0))
    guard name == Self.name(self.shape.last.sequence + 1) else {
      self.gap = self.gap ?? "records before \(name) are missing"
      return
    }
    var offset = 0
    while let record = ShardRecord.read(bytes, at: offset),
      record.point.sequence == self.shape.last.sequence + 1,
      record.point.epoch >= self.shape.last.epoch
    {
      self.note(record, at: offset)
      offset += record.fileBytes
    }
    self.segments[self.segments.count - 1].bytes = offset
    guard offset < bytes.count else { return }
    guard isLast else {
      self.gap = self.gap ?? "\(name) is damaged at byte \(offset)"
      return
    }
    try file.truncate(to: offset)
    try file.sync()
  }

  private static func name(_ first: UInt64) -> String {
    let digits = String(first)
    return String(repeating: "0", count: 20 - digits.count) + digits + ".segment"
  }

  private func note(_ record: ShardRecord, at offset: Int) {
    self.shape.append(record.point)
    self.places.append(
      Place(segment: self.segments.count - 1, offset: offset, bytes: record.fileBytes))
    self.recent.append(record)
    self.recentSize += record.fileBytes
    guard self.recentSize > 2 * self.recentBytes else { return }
    var surplus = 0
    while self.recentSize > self.recentBytes, surplus < self.recent.count - 1 {
      self.recentSize -= self.recent[surplus].fileBytes
      surplus += 1
    }
    self.recent.removeFirst(surplus)
  }

  // MARK: Writing

  /// Adds records, the first of which follows the last one.
  func append(_ records: [ShardRecord]) throws(FileError) {
    guard let first = records.first else { return }
    if self.segments.isEmpty || self.segments[self.segments.count - 1].bytes > self.segmentBytes {
      try self.beginSegment(first.point.sequence)
    }
    let place = self.segments.count - 1
    var writer = ByteWriter(capacity: records.reduce(0) { $0 + $1.fileBytes })
    let start = self.segments[place].bytes
    for record in records {
      self.note(record, at: start + writer.bytes.count)
      record.write(to: &writer)
    }
    self.isDirty = true
    try self.segments[place].file.write(writer.bytes, at: start)
    self.segments[place].bytes += writer.bytes.count
  }

  private func beginSegment(_ first: UInt64) throws(FileError) {
    try self.sync()
    let path = FilePath.joining(self.folder, Self.name(first))
    let file = try self.files.open(path, .createNew)
    try self.files.syncDirectory(self.folder)
    self.segments.append(Segment(first: first, file: file, bytes: 0))
  }

  /// Removes all records behind this one; durable after ``sync()``.
  func truncate(after sequence: UInt64) throws(FileError) {
    guard sequence < self.shape.last.sequence else { return }
    let end = self.places[Int(sequence)]
    while self.segments.count > end.segment + 1 || self.segments.last?.first == sequence + 1 {
      let segment = self.segments.removeLast()
      segment.file.close()
      try self.files.remove(segment.file.path)
      try self.files.syncDirectory(self.folder)
    }
    if self.segments.count == end.segment + 1 {
      try self.segments[end.segment].file.truncate(to: end.offset)
      self.segments[end.segment].bytes = end.offset
    }
    self.isDirty = true
    self.places.removeLast(self.places.count - Int(sequence))
    self.shape.truncate(after: sequence)
    while let last = self.recent.last, last.point.sequence > sequence {
      self.recentSize -= last.fileBytes
      self.recent.removeLast()
    }
    // What was shown was acknowledged, and is never cut off; to begin anew is always right.
    if self.index.through > sequence { self.index = SeriesIndex() }
  }

  /// Removes all files, the last one first: what a crash leaves is a log that begins at its beginning.
  func removeAll() throws(FileError) {
    while let segment = self.segments.popLast() {
      segment.file.close()
      try self.files.remove(segment.file.path)
      try self.files.syncDirectory(self.folder)
    }
    self.places = []
    self.recent = []
    self.recentSize = 0
    self.isDirty = false
    self.shape = LogShape()
    self.index = SeriesIndex()
  }

  /// Makes everything durable that was written; returns whether there was something.
  @discardableResult
  func sync() throws(FileError) -> Bool {
    guard self.isDirty else { return false }
    self.isDirty = false
    try self.segments.last?.file.sync()
    return true
  }

  /// Ends the use of the files.
  func close() {
    for segment in self.segments { segment.file.close() }
    self.segments = []
  }

  // MARK: Reading

  /// The records behind this one, up to so many bytes, one at least if there is one.
  func records(after sequence: UInt64, bytes limit: Int) throws(StoreError) -> [ShardRecord] {
    guard sequence < self.shape.last.sequence else { return [] }
    if let first = self.recent.first, first.point.sequence <= sequence + 1 {
      var taken = 0
      return Array(
        self.recent[Int(sequence + 1 - first.point.sequence)...].prefix { record in
          defer { taken += record.fileBytes }
          return taken == 0 || taken + record.fileBytes <= limit
        })
    }
    let first = self.places[Int(sequence)]
    var bytes = 0
    var count = 0
    for place in self.places[Int(sequence)...] {
      guard place.segment == first.segment, bytes == 0 || bytes + place.bytes <= limit else {
        break
      }
      bytes += place.bytes
      count += 1
    }
    let content: [UInt8]
    do throws(FileError) {
      content = try self.segments[first.segment].file.read(exactly: bytes, at: first.offset)
    } catch {
      throw .file(error)
    }
    var records: [ShardRecord] = []
    var offset = 0
    while records.count < count {
      guard let record = ShardRecord.read(content, at: offset),
        record.point == self.shape.point(at: sequence + UInt64(records.count) + 1)
      else {
        throw .damaged("\(self.folder): record \(sequence + UInt64(records.count) + 1)")
      }
      records.append(record)
      offset += record.fileBytes
    }
    return records
  }
}

/// The store cannot go on: what it says from now on could be wrong.
enum StoreError: Error, CustomStringConvertible {
  case file(FileError)
  /// What is read is not what was written.
  case damaged(String)

  var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .damaged(let place):
      "damaged data, the disk is not to be trusted: \(place); give the server a new folder and number"
    }
  }
}
