import Glibc
import RaftMemoryStore
import RaftStoreTesting
import Testing

@testable import Raft

@Suite("Nodes record their last steps")
struct NodeRecordingTests {
  private static func configuration(
    records: Int = 2000, file: TemporaryFile? = nil
  ) -> Configuration {
    var configuration = SoloNode.configuration
    configuration.flightRecords = records
    configuration.flightRecording = file?.path
    return configuration
  }

  @Test("A recording that is written while the node works has no gap and no damage")
  func underLoad() async throws {
    let file = TemporaryFile()
    try await withSoloNode(SoloNode(Self.configuration(records: 300))) { solo, _ in
      try await solo.lead()
      let node = solo.node
      let load = Task {
        for number in 0..<400 { _ = try? await node.write([UInt8(number % 250)]) }
      }
      for _ in 0..<20 {
        try node.writeFlightRecording(to: file.path)
        let recording = try FlightRecording(try #require(file.content))
        #expect(recording.tornCount == 0)
        #expect(recording.cutCount == 0)
        // Records that were replaced while they were copied are the oldest.
        #expect(recording.entries.allSatisfy { $0.missingBefore == 0 })
        #expect(recording.entries.allSatisfy { $0.record.state != nil })
      }
      await load.value
      // The last write is answered before the core hears that it is applied.
      try await solo.turn()
      let recording = try FlightRecording(try node.flightRecording())
      #expect(recording.entries.count == 300)
      #expect(recording.entries.last?.record.state?.role == .leader)
    }
  }

  @Test("A node that stopped can still be asked for its recording")
  func afterTheEnd() async throws {
    let solo = try SoloNode(Self.configuration())
    #expect(throws: FlightRecorderError.notStarted) { try solo.node.flightRecording() }
    try await withSoloNode(solo) { solo, _ in try await solo.lead() }
    let recording = try FlightRecording(try solo.node.flightRecording())
    #expect(recording.entries.first?.record.told.kind == .started)
    #expect(recording.header.cluster != nil)
  }

  @Test("A node without a recorder says so")
  func switchedOff() async throws {
    try await withSoloNode(SoloNode(Self.configuration(records: 0))) { solo, _ in
      await solo.serve()
      #expect(throws: FlightRecorderError.switchedOff) { try solo.node.flightRecording() }
    }
  }

  @Test("A recording cannot be written where there is no folder, or over the node's own file")
  func unwritable() async throws {
    let file = TemporaryFile()
    try await withSoloNode(SoloNode(Self.configuration(file: file))) { solo, _ in
      await solo.serve()
      let nowhere = "/no/such/folder/recording"
      #expect(
        throws: FlightRecorderError.unwritable(path: nowhere, reason: "No such file or directory")
      ) { try solo.node.writeFlightRecording(to: nowhere) }
      #expect(throws: FlightRecorderError.inUse(path: file.path)) {
        try solo.node.writeFlightRecording(to: file.path)
      }
    }
  }

  @Test("The file of a recording is gone on with in the node's next life")
  func nextLife() async throws {
    let file = TemporaryFile()
    for life in 1...2 {
      try await withSoloNode(SoloNode(Self.configuration(file: file))) { solo, _ in
        try await solo.lead()
      }
      let recording = try FlightRecording(try #require(file.content))
      #expect(recording.kinds.filter { $0 == .started }.count == life)
      #expect(recording.entries.allSatisfy { $0.missingBefore == 0 })
    }
  }

  @Test("A node that stopped leaves the file to the next one while it is still held")
  func heldBeyondTheEnd() async throws {
    let file = TemporaryFile()
    let former = try SoloNode(Self.configuration(file: file))
    try await withSoloNode(former) { solo, _ in try await solo.lead() }
    try await withSoloNode(SoloNode(Self.configuration(file: file))) { solo, _ in
      try await solo.lead()
    }
    let own = try FlightRecording(try former.node.flightRecording())
    #expect(own.entries.first?.record.told.kind == .started)
  }

  @Test("A recording of another size is set aside")
  func otherSize() async throws {
    let file = TemporaryFile()
    for records in [100, 200] {
      try await withSoloNode(SoloNode(Self.configuration(records: records, file: file))) {
        solo, _ in
        await solo.serve()
      }
      #expect(try FlightRecording(try #require(file.content)).header.capacity == records)
    }
    #expect(access(file.path + ".previous", F_OK) == 0)
  }

  @Test("A recording of another version is set aside, whole")
  func otherVersion() async throws {
    let file = TemporaryFile()
    var bytes = try RecordedEngine(capacity: 2000).bytes
    for place in [8, 2048 + 8] { bytes[place] = 1 }
    file.write(bytes)
    try await withSoloNode(SoloNode(Self.configuration(file: file))) { solo, _ in
      await solo.serve()
    }
    #expect(try FlightRecording(try #require(file.content)).kinds.first == .started)
    #expect(file.previousContent == bytes)
  }

  @Test("A file that is no recording, belongs to another node or is in use stops the start")
  func badFiles() async throws {
    let text = TemporaryFile()
    text.write(Array("not a recording, but somebody's notes".utf8))
    let foreign = TemporaryFile()
    var bytes = try RecordedEngine(capacity: 2000).bytes
    let header = FlightHeader(
      capacity: 2000, node: 9, incarnation: Incarnation(1), startMoment: RecordedEngine.start,
      startTime: .epoch)
    for (place, word) in header.words.enumerated() {
      for byte in 0..<8 { bytes[8 * place + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte)) }
    }
    foreign.write(bytes)
    for (file, kind, part) in [
      (text, StorageError.Kind.foreign, "is no flight recording and is left as it is"),
      (foreign, .foreign, "is the flight recording of node 9, this is node 1"),
    ] {
      let solo = try SoloNode(Self.configuration(file: file))
      guard case .storage(let error)? = await solo.run().value.failure else {
        Issue.record("the node ran")
        continue
      }
      #expect(error.kind == kind)
      #expect(error.message.contains(part))
    }
    #expect(text.content == Array("not a recording, but somebody's notes".utf8))
    let shared = TemporaryFile()
    try await withSoloNode(SoloNode(Self.configuration(file: shared))) { solo, _ in
      await solo.serve()
      let second = try SoloNode(Self.configuration(file: shared))
      guard case .storage(let error)? = await second.run().value.failure else {
        Issue.record("two nodes record in one file")
        return
      }
      #expect(error.kind == .locked)
    }
  }

  @Test("A bad size or path of a recording is refused by its field's name")
  func validation() {
    var configuration = Configuration()
    configuration.flightRecords = -1
    #expect(
      throws: ConfigurationError(field: "flightRecords", rule: "between 0 and 1048576")
    ) { try configuration.validate() }
    configuration = Configuration()
    configuration.flightRecording = ""
    #expect(
      throws: ConfigurationError(field: "flightRecording", rule: "the path of a file, or nil")
    ) { try configuration.validate() }
    configuration.flightRecording = "/tmp/x"
    configuration.flightRecords = 0
    #expect(throws: ConfigurationError.self) { try configuration.validate() }
  }

  @Test("A broken invariant names the file that tells what led to it")
  func brokenInvariant() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let solo = try SoloNode()
      try await withSoloNode(solo) { solo, _ in
        try await solo.lead()
        solo.node.core.halt(InvariantBreach("the moon is square"))
      }
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("node 1 broke an invariant: the moon is square"))
    let path = try #require(
      errors.split(whereSeparator: \.isWhitespace).first { $0.hasSuffix(".recording") })
    defer { unlink(String(path)) }
    #expect(errors.contains("raft-sim replay \(path)"))
    let file = try #require(fopen(String(path), "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    let recording = try FlightRecording(bytes)
    #expect(recording.entries.contains { $0.record.state?.role == .leader })
  }
}
