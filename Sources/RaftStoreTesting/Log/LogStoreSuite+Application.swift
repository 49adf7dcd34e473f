internal import Raft

extension LogStoreSuite {
  private static let same = "an entry is read as it was appended, whatever its payload is"

  /// Payloads as applications make them.
  static let application: [StoreCase] = [
    StoreCase("Payloads may be any bytes, also those that mean something elsewhere", contract: same)
    { bench in
      let payloads: [[UInt8]] = [
        [], [0], [0xFF], Array(repeating: 0, count: 300), Array(repeating: 0xFF, count: 300),
        Array("{\"set\": [\"k\u{E9}y\", null]}\r\n".utf8), Array("\u{0}\u{1}\u{7F}".utf8),
        [0xC3, 0x28, 0xED, 0xA0, 0x80], (0..<1000).map { UInt8(truncatingIfNeeded: $0 / 4) },
      ]
      for payload in payloads { bench.append(payloads: [payload]) }
      bench.append(payloads: payloads)
      try await bench.expectContents()
      for index in 0..<bench.model.next.rawValue {
        try await bench.read(from: LogIndex(index), through: LogIndex(index))
      }
    },
    StoreCase("A payload that looks like the one before it is another entry", contract: same) {
      bench in
      let payload = Array("the same".utf8)
      for count in [1, 3, 1] {
        bench.append(payloads: Array(repeating: payload, count: count))
      }
      try await bench.expectContents()
      bench.truncate(after: 2)
      bench.leader = LeaderID(term: 2, node: 1)
      bench.append(payloads: [payload, payload])
      try await bench.expectContents()
    },
    StoreCase("Payloads around the sizes of pages, blocks and megabytes are kept", contract: same) {
      bench in
      for size in [512, 4096, 65_536, 1 << 20] {
        bench.append(byteCounts: [size - 1, size, size + 1])
        bench.append(byteCounts: [size])
      }
      try await bench.expectContents()
      bench.purge(through: 6)
      try await bench.expectContents()
    },
    StoreCase("A chunk of many megabytes is read in parts of any size", contract: same) { bench in
      bench.append(byteCounts: (0..<90).map { 70_001 + $0 })
      let calls = try await bench.readAll(from: 0, through: 89, byteLimit: 700_000)
      guard calls < 8 else {
        try await bench.readAll(from: 0, through: 89, byteLimit: 1)
        return
      }
      throw Deviation(
        expected: "at least 8 calls to read six megabytes by about 700 000 bytes",
        found: "\(calls) calls")
    },
    StoreCase(
      "Entries of all kinds may stand side by side, with and without payloads", contract: same
    ) { bench in
      for round in 0..<4 {
        bench.append(.blank)
        bench.append(byteCounts: [round, 0, 700 * round])
        bench.append(round % 2 == 0 ? Memberships.joint : Memberships.dropping)
        bench.append(.session, byteCount: round)
        bench.append(.withheld)
        bench.append(.recovery, byteCount: 3)
      }
      try await bench.expectContents()
      bench.truncate(after: 20)
      bench.purge(through: 9)
      try await bench.expectContents()
    },
  ]
}

extension StoreBench {
  /// Adds commands with these payloads, as one chunk.
  fileprivate func append(payloads: [[UInt8]]) {
    let bytes = payloads.flatMap(\.self)
    var ends: [UInt32] = []
    for payload in payloads { ends.append((ends.last ?? 0) + UInt32(payload.count)) }
    self.append(
      EntrySlice(
        EntryChunk(
          run: EntryRun(
            leader: self.leader, first: self.model.next, count: payloads.count,
            byteCount: bytes.count, kind: .command,
            timestamp: EntryMaking.timestamp(at: self.model.next)),
          bytes: bytes, ends: ends)))
  }
}
