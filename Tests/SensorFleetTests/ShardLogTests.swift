import RaftFiles
import RaftStoreTesting
import SensorFleetModel
import Testing

@testable import sensor_fleet

@Suite("The files of a shard")
struct ShardLogTests {
  private static func record(
    _ sequence: UInt64, in epoch: UInt64 = 1, bytes: Int = 10
  ) -> ShardRecord {
    ShardRecord(
      point: LogPoint(sequence: sequence, epoch: Epoch(epoch)),
      payload: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: bytes))
  }

  private static func records(of log: ShardLog) throws -> [ShardRecord] {
    var all: [ShardRecord] = []
    while case let next = try log.records(
      after: all.last?.point.sequence ?? 0, bytes: 100), !next.isEmpty
    { all += next }
    return all
  }

  @Test("What was appended is there after the log is opened again")
  func reopening() throws {
    let files = SimulatedFileSystem()
    let records = [Self.record(1), Self.record(2), Self.record(3, in: 4), Self.record(4, in: 4)]
    let log = try ShardLog(folder: "f/s", files)
    try log.append(Array(records[..<2]))
    try log.append(Array(records[2...]))
    #expect(try log.sync())
    #expect(try !log.sync())
    log.close()
    let again = try ShardLog(folder: "f/s", files)
    #expect(try Self.records(of: again) == records)
    #expect(again.shape == log.shape)
    #expect(again.shape.point(at: 2)?.epoch == Epoch(1))
    #expect(again.shape.last == records[3].point)
  }

  @Test("Records that are not in memory any more are read from the files")
  func oldRecords() throws {
    let files = SimulatedFileSystem()
    let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
    let size = 3 << 10
    let records = (1...12 as ClosedRange<UInt64>).map { Self.record($0, bytes: size) }
    for record in records {
      try log.append([record])
      try log.sync()
    }
    #expect(try files.names(in: "f").count == 2)
    for sequence in [0, 4, 5, 6, 10] as [UInt64] {
      let found = try log.records(after: sequence, bytes: 2 * size + 100)
      #expect(found.first == records[Int(sequence)])
    }
    #expect(try log.records(after: 12, bytes: 100).isEmpty)
    log.close()
    #expect(try Self.records(of: ShardLog(folder: "f", files, segmentBytes: 16 << 10)) == records)
  }

  @Test("A log is cut off anywhere, across files, and goes on with other records")
  func truncation() throws {
    for sequence in 0...12 as ClosedRange<UInt64> {
      let files = SimulatedFileSystem()
      let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      let records = (1...12 as ClosedRange<UInt64>).map { Self.record($0, bytes: 4 << 10) }
      for record in records { try log.append([record]) }
      try log.truncate(after: sequence)
      #expect(log.shape.last.sequence == sequence)
      let other = Self.record(sequence + 1, in: 9)
      try log.append([other])
      try log.sync()
      #expect(try Self.records(of: log) == records.prefix(Int(sequence)) + [other])
      log.close()
      let again = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      #expect(try Self.records(of: again) == records.prefix(Int(sequence)) + [other])
    }
  }

  @Test("After a power cut all that was synced is there, and what follows is cut off cleanly")
  func powerCut() throws {
    let seeds: ClosedRange<UInt64> = 1...40
    let modes: [CrashMode] =
      [.dropUnsynced, .keepAll] + seeds.map { .torn(seed: $0) }
      + seeds.map { .scattered(seed: $0) }
    for mode in modes {
      let files = SimulatedFileSystem()
      let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      try log.append([Self.record(1), Self.record(2, bytes: 5000), Self.record(3, bytes: 5000)])
      try log.sync()
      // A later primary contradicts what nobody was told of.
      try log.truncate(after: 2)
      try log.append([Self.record(3, in: 2, bytes: 5000), Self.record(4, in: 2, bytes: 9000)])
      files.crash(mode)
      let again = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      let found = try Self.records(of: again)
      #expect(found.starts(with: [Self.record(1), Self.record(2, bytes: 5000)]), "\(mode)")
      for record in found.dropFirst(2) {
        let old = Self.record(3, bytes: 5000)
        let new = Self.record(
          record.point.sequence, in: 2, bytes: record.point.sequence == 3 ? 5000 : 9000)
        #expect(record == old || record == new, "\(mode)")
      }
      try again.append([Self.record(again.shape.last.sequence + 1, in: 3)])
      try again.sync()
      again.close()
      #expect(
        try Self.records(of: ShardLog(folder: "f", files, segmentBytes: 16 << 10)).count == found
          .count + 1)
    }
  }

  @Test("A log that is removed is empty, also if a crash came between, and can be filled anew")
  func removal() throws {
    for operation in 1...20 {
      let files = SimulatedFileSystem()
      let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      for number in 1...6 as ClosedRange<UInt64> {
        try log.append([Self.record(number, bytes: 9 << 10)])
      }
      try log.sync()
      #expect(try files.names(in: "f").count == 3)
      files.crashBefore(operation: files.operationCount + operation)
      var isRemoved = false
      do {
        try log.removeAll()
        isRemoved = true
        try log.append([Self.record(1, in: 9)])
        try log.sync()
      } catch {}
      files.crash(.dropUnsynced)
      let again = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
      if isRemoved { #expect(again.shape.last.sequence <= 1) }
      let found = try Self.records(of: again)
      #expect(found.map(\.point.sequence) == (1...6).prefix(found.count).map { $0 })
    }
  }

  @Test("A record that is not whole ends the log, if nothing follows it")
  func tornEnd() throws {
    let files = SimulatedFileSystem()
    let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
    try log.append([Self.record(1), Self.record(2)])
    try log.sync()
    log.close()
    let path = "f/" + (try files.names(in: "f"))[0]
    let file = try files.open(path, .readWrite)
    try file.truncate(to: try file.size() - 1)
    try file.sync()
    file.close()
    #expect(
      try Self.records(of: ShardLog(folder: "f", files, segmentBytes: 16 << 10)) == [Self.record(1)]
    )
  }

  @Test("Damage in a file that others follow is told, not cut off")
  func damage() throws {
    let files = SimulatedFileSystem()
    let log = try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
    for number in 1...6 as ClosedRange<UInt64> {
      try log.append([Self.record(number, bytes: 6 << 10)])
    }
    try log.sync()
    log.close()
    let names = try files.names(in: "f")
    #expect(names.count == 2)
    try files.flip(bit: 0, at: 100, in: "f/\(names[0])")
    let error = #expect(throws: StoreError.self) {
      try ShardLog(folder: "f", files, segmentBytes: 16 << 10)
    }
    #expect(error?.description.contains("damaged") == true)
    try files.remove("f/\(names[0])")
    #expect(throws: StoreError.self) { try ShardLog(folder: "f", files, segmentBytes: 16 << 10) }
  }

  @Test("Every flipped bit of a record is noticed")
  func flippedBits() {
    var writer = ByteWriter()
    let record = Self.record(7, in: 3)
    record.write(to: &writer)
    #expect(ShardRecord.read(writer.bytes, at: 0) == record)
    for place in writer.bytes.indices {
      for bit in 0..<8 {
        var bytes = writer.bytes
        bytes[place] ^= 1 << bit
        #expect(ShardRecord.read(bytes, at: 0) == nil)
      }
    }
  }
}
