import Testing

@testable import RaftEngine
@testable import RaftSimulator

@Suite("The bounds of an engine's memory")
struct MemoryBoundsTests {
  private static var bounds: MemoryBounds {
    var configuration = EngineConfiguration()
    configuration.appendWindow = 2
    configuration.inflightBytesMax = 64
    configuration.snapshotsSentMax = 1
    return MemoryBounds(
      configuration: configuration, nodeCount: 3, appendBytesMax: 24)
  }

  private static let around = MemoryBounds.Surroundings(
    entryCount: 5, questionCount: 6, writeCount: 2, readCount: 12)

  private static let full = {
    var load = EngineLoad()
    load.inflightMax = 2
    load.inflightBytesMax = 87
    load.snapshotsSent = 1
    load.runCount = 5
    load.peerCount = 3
    load.readCount = 12
    load.heldCount = 12
    return load
  }()

  @Test("What is full is within bounds")
  func withinBounds() throws {
    try Self.bounds.check(Self.full, Self.around, node: 1)
  }

  @Test(
    "One more of anything is a violation",
    arguments: [
      \EngineLoad.inflightMax, \.inflightBytesMax, \.snapshotsSent, \.runCount, \.peerCount,
      \.readCount, \.heldCount,
    ]
      as [any WritableKeyPath<EngineLoad, Int> & Sendable])
  func tooMany(path: any WritableKeyPath<EngineLoad, Int> & Sendable) throws {
    var load = Self.full
    load[keyPath: path] += 1
    let finding = #expect(throws: Finding.self) {
      try Self.bounds.check(load, Self.around, node: 2)
    }
    #expect(finding?.property == .memoryBounds)
    #expect(
      finding?.evidence.hasPrefix("node 2 keeps \(load[keyPath: path]) ") == true
        && finding?.evidence.hasSuffix("the bound is \(load[keyPath: path] - 1)") == true)
  }
}
