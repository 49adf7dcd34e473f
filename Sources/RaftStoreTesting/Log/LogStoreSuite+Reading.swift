internal import Raft

extension LogStoreSuite {
  /// Which entries a read gives.
  static let reading: [StoreCase] = [
    StoreCase(
      "An appended entry is readable as soon as the call returns",
      contract: "a write is readable as soon as the call returns, durable or not"
    ) { bench in
      bench.append(count: 1)
      try await bench.expectContents()
    },
    StoreCase(
      "An entry appended after a read is in the next read",
      contract: "a write is readable as soon as the call returns, whatever was read before"
    ) { bench in
      try await bench.expectMissing(0, because: "the log is empty")
      for _ in 0..<8 {
        bench.append(count: 3)
        try await bench.expectContents()
      }
    },
    StoreCase(
      "A read gives the entries of its range and no others",
      contract: "entries gives those from the first index on, through the last at the most"
    ) { bench in
      bench.append(count: 4)
      bench.append(count: 6)
      for (first, last) in [(0, 9), (0, 0), (3, 6), (4, 9), (2, 3), (9, 9)]
        as [(LogIndex, LogIndex)]
      {
        try await bench.readAll(from: first, through: last)
      }
    },
    StoreCase(
      "Each entry can be read alone",
      contract: "entries gives those from the first index on, through the last at the most"
    ) { bench in
      bench.append(count: 5)
      bench.append(.blank)
      bench.appendEach(count: 5)
      for index in LogIndex(0)...10 {
        let count = try await bench.read(from: index, through: index)
        try expect(count, is: 1, "entries in the range \(index)...\(index)")
      }
    },
    StoreCase(
      "A read of a range that ends before it begins gives nothing",
      contract: "entries gives those from the first index on, through the last at the most"
    ) { bench in
      bench.append(count: 10)
      let slices = try await bench.log.entries(
        from: 5, through: 4, byteLimit: StoreBench.ample)
      try expect(slices.count, is: 0, "slices in the range 5...4")
    },
    StoreCase(
      "A read that reaches beyond the end gives what is there",
      contract: "entries may return fewer than asked for, but at least one"
    ) { bench in
      bench.append(count: 10)
      try await bench.read(from: 7, through: 1000)
      try await bench.read(from: 9, through: 1000)
    },
    StoreCase(
      "A read that begins behind the end fails as missing",
      contract: "a read whose first entry was never there fails with kind missing"
    ) { bench in
      bench.append(count: 10)
      try await bench.expectMissing(10, because: "the log ends at 9")
      try await bench.expectMissing(500, because: "the log ends at 9")
    },
    StoreCase(
      "Reads run across the borders of what was appended together",
      contract: "entries gives consecutive entries, however they came into the log"
    ) { bench in
      for count in [1, 7, 1, 1, 30, 2] { bench.append(count: count) }
      for first in LogIndex(0)...41 {
        try await bench.readAll(from: first, through: 41)
      }
    },
    StoreCase(
      "A slice of a chunk is stored as the entries of the slice alone",
      contract: "append adds the entries of the slice; the chunk may hold others"
    ) { bench in
      let chunk = EntryMaking.chunk(
        leader: bench.leader, first: 0, byteCounts: Array(repeating: 20, count: 12))
      bench.append(EntrySlice(chunk, offsets: 0..<3))
      try await bench.expectContents()
      bench.append(EntrySlice(chunk, offsets: 3..<4))
      bench.append(EntrySlice(chunk, offsets: 4..<11))
      try await bench.expectContents()
    },
  ]

  /// How much a read gives.
  static let limits: [StoreCase] = [
    StoreCase(
      "A limited read gives a part that begins with the first entry and is not empty",
      contract: "entries may return fewer than asked for, but at least one"
    ) { bench in
      bench.append(byteCounts: Array(repeating: 100, count: 20))
      for limit in [1000, 100, 99, 1, 0] {
        try await bench.read(from: 4, through: 19, byteLimit: limit)
      }
    },
    StoreCase(
      "A limited read stops within a chunk",
      contract: "entries stops after about the limit in bytes of payload"
    ) { bench in
      bench.append(byteCounts: Array(repeating: 100, count: 200))
      try await bench.read(from: 0, through: 199, byteLimit: 1000)
      try await bench.read(from: 150, through: 199, byteLimit: 350)
    },
    StoreCase(
      "A limited read stops between chunks",
      contract: "entries stops after about the limit in bytes of payload"
    ) { bench in
      for _ in 0..<100 { bench.append(byteCounts: [100]) }
      try await bench.read(from: 0, through: 99, byteLimit: 1000)
      try await bench.read(from: 50, through: 99, byteLimit: 350)
    },
    StoreCase(
      "An entry larger than the limit is read alone",
      contract: "entries may return fewer than asked for, but at least one"
    ) { bench in
      bench.append(byteCounts: [10, 50_000, 50_000, 10])
      let count = try await bench.read(from: 1, through: 3, byteLimit: 100)
      try expect(count, is: 1, "entries read from 1 on with a limit of 100 bytes")
    },
    StoreCase(
      "Limited reads one after the other give the whole log",
      contract: "entries gives consecutive entries, in as many calls as it takes"
    ) { bench in
      for round in 0..<10 {
        bench.append(byteCounts: (0..<7).map { ($0 * 31 + round * 17) % 120 })
      }
      let calls = try await bench.readAll(from: 0, through: 69, byteLimit: 300)
      guard calls < 5 else { return }
      throw Deviation(
        expected: "at least 5 calls to read 4 kilobytes by about 300 bytes",
        found: "\(calls) calls")
    },
  ]
}
