import SensorFleetModel

/// What a shard's records say of each device, in memory, as far as somebody asked.
struct SeriesIndex {
  /// One value of one device.
  struct Sample: Equatable {
    /// When, in milliseconds since 1970.
    let time: Int64
    /// Which value, by its place among the names.
    let name: Int32
    let value: Double
  }

  /// The last record that is in it.
  private(set) var through: UInt64 = 0
  private var names: [String] = []
  private var places: [String: Int32] = [:]
  private var devices: [String: [Sample]] = [:]

  /// How many bytes of records are taken at once: others wait for the thread meanwhile.
  private static let pieceBytes = 4 << 20

  /// Takes some of the records up to this one from the log; whether it has all of them now.
  mutating func catchUp(
    with log: ShardLog, through end: UInt64
  ) throws(StoreError) -> Bool {
    guard self.through < end else { return true }
    for record in try log.records(after: self.through, bytes: Self.pieceBytes)
    where record.point.sequence <= end {
      self.take(record)
      self.through = record.point.sequence
    }
    return self.through >= end
  }

  private mutating func take(_ record: ShardRecord) {
    guard !record.payload.isEmpty,
      let readings = try? ReadingsCodec.decode(record.payload)
    else { return }
    for reading in readings {
      for value in reading.values {
        let sample = Sample(
          time: reading.time, name: self.place(of: value.name), value: value.value)
        self.devices[reading.device, default: []].append(sample)
      }
    }
  }

  private mutating func place(of name: String) -> Int32 {
    if let place = self.places[name] { return place }
    let place = Int32(self.names.count)
    self.names.append(name)
    self.places[name] = place
    return place
  }

  /// Whether there is any reading of the device.
  func knows(_ device: String) -> Bool { self.devices[device] != nil }

  /// All values of a device within a window, by name, in order of time.
  ///
  /// Of two values of one name and one moment the later written counts: who repeats a batch of
  /// unknown outcome changes nothing.
  func values(
    of device: String, from start: Int64, upTo end: Int64, named wanted: String?
  ) -> [(name: String, samples: [(time: Int64, value: Double)])] {
    var found: [Int32: [Int64: Double]] = [:]
    let only = wanted.map { self.places[$0] ?? -1 }
    for sample in self.devices[device] ?? []
    where sample.time >= start && sample.time < end && (only == nil || only == sample.name) {
      found[sample.name, default: [:]][sample.time] = sample.value
    }
    return found.map { place, values in
      (
        self.names[Int(place)],
        values.sorted { $0.key < $1.key }.map { (time: $0.key, value: $0.value) }
      )
    }.sorted { $0.0 < $1.0 }
  }
}
