public import RaftEngine

/// Consecutive entries with their payloads, in the form that disk and wire share.
///
/// The block refers to the arrays that hold the payloads and copies nothing, so a part of a larger
/// batch costs no more than the whole of it. A single entry is a block of one.
public struct EntryBlock: Sendable {
  /// What the protocol must know of exactly these entries.
  public let run: EntryRun
  /// The array that the payloads lie in, one after the other.
  ///
  /// A membership entry has no payload here: its content is `run.membership`.
  public let bytes: [UInt8]
  /// Where in `bytes` each payload ends, from the first payload of the array on.
  public let ends: [UInt32]
  /// Which of the payloads in `bytes` are those of the block.
  public let offsets: Range<Int>

  /// A block of all payloads in the array.
  ///
  /// - Precondition: as of ``init(run:bytes:ends:offsets:)``.
  public init(run: EntryRun, bytes: [UInt8], ends: [UInt32]) {
    self.init(run: run, bytes: bytes, ends: ends, offsets: 0..<ends.count)
  }

  /// A block of some of the payloads in the array, where `run` describes just these.
  ///
  /// - Precondition: `offsets` lies within `ends`, there is one end an entry of `run`, the
  ///   payloads have `run.byteCount` bytes, and a membership entry has none.
  public init(run: EntryRun, bytes: [UInt8], ends: [UInt32], offsets: Range<Int>) {
    precondition(
      offsets.count == run.count && offsets.lowerBound >= 0 && offsets.upperBound <= ends.count,
      "payloads \(offsets) of \(ends.count) for \(run)")
    self.run = run
    self.bytes = bytes
    self.ends = ends
    self.offsets = offsets
    let range = self.byteRange
    precondition(
      range.upperBound <= bytes.count && range.count == run.byteCount,
      "bytes \(range) of \(bytes.count) for \(run)")
    precondition(run.kind != .membership || range.isEmpty, "a payload for \(run)")
  }

  /// Where in `bytes` the payloads of the block lie.
  public var byteRange: Range<Int> {
    self.start(of: self.offsets.lowerBound)..<Int(self.ends[self.offsets.upperBound - 1])
  }

  /// The payload of the entry this many places after the block's first.
  ///
  /// - Precondition: the block has that many entries.
  public func payload(at place: Int) -> ArraySlice<UInt8> {
    precondition(place >= 0 && place < self.run.count, "payload \(place) of \(self.run)")
    let offset = self.offsets.lowerBound + place
    return self.bytes[self.start(of: offset)..<Int(self.ends[offset])]
  }

  private func start(of offset: Int) -> Int {
    offset == 0 ? 0 : Int(self.ends[offset - 1])
  }
}

extension EntryBlock: Hashable {
  /// Blocks are equal if they hold the same entries, in whatever arrays.
  public static func == (left: EntryBlock, right: EntryBlock) -> Bool {
    left.run == right.run
      && (0..<left.run.count).allSatisfy { left.payload(at: $0) == right.payload(at: $0) }
  }

  /// Adds what the protocol knows of the entries.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(self.run)
  }
}

extension EntryBlock: CustomStringConvertible {
  /// The run's description.
  public var description: String { String(describing: self.run) }
}
