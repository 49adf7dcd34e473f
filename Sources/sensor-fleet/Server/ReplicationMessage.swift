import SensorFleetModel

/// Records of several shards, from their primary to one replica.
struct ReplicationMessage: Sendable {
  /// The records of one shard.
  struct Part: Sendable {
    let shard: ShardID
    let epoch: Epoch
    let previous: LogPoint
    let records: [ShardRecord]
  }

  /// The name of the fleet: records of another one are refused.
  let fleet: String
  let parts: [Part]

  init(fleet: String, parts: [Part]) {
    self.fleet = fleet
    self.parts = parts
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(self.fleet)
    writer.write(UInt32(self.parts.count))
    for part in self.parts {
      writer.write(UInt32(part.shard.rawValue))
      writer.write(part.epoch.rawValue)
      writer.write(part.previous.sequence)
      writer.write(part.previous.epoch.rawValue)
      writer.write(UInt32(part.records.count))
      for record in part.records {
        writer.write(record.point.epoch.rawValue)
        writer.writeCounted(record.payload)
      }
    }
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    self.fleet = try reader.text()
    var parts: [Part] = []
    for _ in 0..<(try reader.number(UInt32.self)) {
      let shard = ShardID(Int(try reader.number(UInt32.self)))
      let epoch = Epoch(try reader.number())
      let sequence = try reader.number(UInt64.self)
      let previous = LogPoint(sequence: sequence, epoch: Epoch(try reader.number()))
      var records: [ShardRecord] = []
      var last = previous
      for _ in 0..<(try reader.number(UInt32.self)) {
        let (next, isTooMany) = last.sequence.addingReportingOverflow(1)
        let point = LogPoint(sequence: next, epoch: Epoch(try reader.number()))
        guard !isTooMany, point.epoch >= last.epoch, point.epoch <= epoch else {
          throw MalformedBytes(offset: reader.offset)
        }
        records.append(ShardRecord(point: point, payload: try reader.counted()))
        last = point
      }
      parts.append(Part(shard: shard, epoch: epoch, previous: previous, records: records))
    }
    guard reader.isAtEnd else { throw MalformedBytes(offset: reader.offset) }
    self.parts = parts
  }
}

/// What a replica did with the records of each shard, in the order of the message.
struct ReplicationAnswer: Equatable, Sendable {
  enum Part: Equatable, Sendable {
    /// Its disk has what the primary has, through this record.
    case stored(through: UInt64)
    /// The record before the first one is not here; it may agree through this one.
    case mismatch(agreesThrough: UInt64)
    /// A later epoch is known here.
    case refused(known: Epoch)
  }

  var parts: [Part]

  init(_ parts: [Part]) {
    self.parts = parts
  }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: self.parts.count * 9)
    for part in self.parts {
      switch part {
      case .stored(let sequence):
        writer.write(UInt8(0))
        writer.write(sequence)
      case .mismatch(let sequence):
        writer.write(UInt8(1))
        writer.write(sequence)
      case .refused(let epoch):
        writer.write(UInt8(2))
        writer.write(epoch.rawValue)
      }
    }
    return writer.bytes
  }

  init(_ bytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(bytes)
    self.parts = []
    while !reader.isAtEnd {
      let kind = try reader.number(UInt8.self)
      let value = try reader.number(UInt64.self)
      switch kind {
      case 0: self.parts.append(.stored(through: value))
      case 1: self.parts.append(.mismatch(agreesThrough: value))
      case 2: self.parts.append(.refused(known: Epoch(value)))
      default: throw MalformedBytes(offset: reader.offset)
      }
    }
  }
}
