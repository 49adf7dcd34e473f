import Raft

/// A number that all servers share.
public struct Counter: StateMachine {
  /// A wish to change the number.
  public enum Command: Sendable {
    /// Adds this much.
    case add(Int64)
    /// Goes back to zero.
    case reset
  }

  /// A command or a snapshot that this version does not know.
  public struct Unreadable: Error {}

  /// The number.
  public private(set) var value: Int64 = 0

  /// A counter at zero.
  public init() {}

  /// One byte for the kind of command, then the amount.
  public static func encode(_ command: Command, into writer: inout PayloadWriter) {
    switch command {
    case .add(let amount):
      writer.write(UInt8(1))
      writer.write(amount)
    case .reset:
      writer.write(UInt8(2))
    }
  }

  /// Reads what ``encode(_:into:)`` wrote.
  public static func decode(_ payload: PayloadReader) throws -> Command {
    let bytes = payload.bytes
    switch (bytes.first, bytes.count) {
    case (1, 9): return .add(Int64(littleEndian: bytes.dropFirst()))
    case (2, 1): return .reset
    default: throw Unreadable()
    }
  }

  /// Answers with the number after the change.
  public mutating func apply(_ command: Command, in context: ApplyContext) -> Int64 {
    switch command {
    case .add(let amount): self.value &+= amount
    case .reset: self.value = 0
    }
    return self.value
  }

  /// The number as it is now.
  public func freeze() -> any FrozenState { Frozen(value: self.value) }

  /// Takes over the number of a snapshot.
  public mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    guard bytes.count == 8 else { throw Unreadable() }
    self.value = Int64(littleEndian: bytes[...])
  }

  private struct Frozen: FrozenState {
    let value: Int64

    func write(to sink: SnapshotSink) async throws {
      var writer = PayloadWriter()
      writer.write(self.value)
      try await sink.write(writer.bytes)
    }
  }
}

extension Int64 {
  /// The number that these bytes are, the least significant one first.
  fileprivate init(littleEndian bytes: ArraySlice<UInt8>) {
    self = Int64(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
