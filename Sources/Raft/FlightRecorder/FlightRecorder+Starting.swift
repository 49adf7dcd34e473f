extension FlightRecorder {
  /// The recorder that a node's configuration asks for; `nil` if it asks for none.
  ///
  /// - Throws: ``StorageError`` if the file cannot be used.
  static func start(
    for core: RaftCore, _ engine: Engine, _ incarnation: Incarnation, at moment: Instant,
    _ time: Timestamp
  ) throws(StorageError) -> FlightRecorder? {
    let capacity = core.configuration.flightRecords
    guard capacity > 0 else { return nil }
    let opened: FlightFile.Opened
    if let path = core.configuration.flightRecording {
      opened = try FlightFile.open(path, capacity: capacity, node: core.id)
    } else {
      opened = FlightFile.Opened(mapping: try FlightMapping(capacity: capacity))
    }
    return FlightRecorder(
      opened.mapping,
      header: FlightHeader(
        capacity: capacity, node: core.id, incarnation: incarnation, startMoment: moment,
        startTime: time),
      after: opened.last, before: opened.clockOffset, engine: engine)
  }
}

extension FlightMapping {
  /// The recording as it is now, oldest record first.
  ///
  /// A step that is going on is left out, and so is a record that is replaced meanwhile.
  func bytes() -> [UInt8] {
    var slots: [(sequence: UInt64, slot: Int)] = []
    for slot in 0..<self.capacity {
      let sequence = self.word(at: self.place(ofSlot: slot))
      if sequence > 0 { slots.append((sequence, slot)) }
    }
    slots.sort { $0.sequence < $1.sequence }
    var records: [UInt64] = []
    records.reserveCapacity(slots.count * FlightLayout.recordWords)
    var count = 0
    for (sequence, slot) in slots {
      let words = self.words(
        from: self.place(ofSlot: slot), count: FlightLayout.recordWords)
      guard words[FlightLayout.Record.sequence] == sequence,
        let record = FlightRecord(words[...]),
        record.state != nil || sequence != slots.last?.sequence
      else { continue }
      records += words
      count += 1
    }
    var page = self.words(from: 0, count: FlightLayout.headerWords)
    if let header = try? FlightHeader(page[...]) {
      let own = FlightHeader(
        capacity: max(count, 1), node: header.node, incarnation: header.incarnation,
        startMoment: header.startMoment, startTime: header.startTime)
      for copy in FlightLayout.Header.copies {
        for (place, word) in own.words.prefix(FlightLayout.Header.cluster).enumerated() {
          page[copy + place] = word
        }
      }
    }
    let all = page + records
    return all.withUnsafeBytes { Array($0) }
  }
}
