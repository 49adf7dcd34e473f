/// The bytes of one file: as every process sees them, and as a power cut would leave them.
struct FileNode {
  /// What reads return.
  private(set) var cached: [UInt8] = []
  /// What has reached the medium.
  private(set) var durable: [UInt8] = []
  /// The changes, in order, that the next sync brings to the medium.
  private(set) var unsynced: [Change] = []

  enum Change {
    case write([UInt8], at: Int)
    case resize(to: Int)

    func apply(to bytes: inout [UInt8]) {
      switch self {
      case .resize(let size): bytes.resize(to: size)
      case .write(let piece, let offset):
        guard !piece.isEmpty else { return }
        if bytes.count < offset + piece.count { bytes.resize(to: offset + piece.count) }
        bytes.replaceSubrange(offset..<offset + piece.count, with: piece)
      }
    }
  }

  mutating func make(_ change: Change) {
    change.apply(to: &self.cached)
    self.unsynced.append(change)
  }

  mutating func sync() {
    for change in self.unsynced { change.apply(to: &self.durable) }
    self.unsynced = []
  }

  /// What a failed sync does: the changes stay readable, and no later sync knows of them.
  mutating func strand() {
    self.unsynced = []
  }

  /// Turns a bit on the medium, where every later read finds it turned.
  mutating func flip(bit: Int, at offset: Int) {
    self.cached[offset] ^= 1 << UInt8(bit)
    self.durable[offset] ^= 1 << UInt8(bit)
  }

  /// Leaves what the mode leaves of the unsynced changes.
  mutating func crash(_ mode: CrashMode, _ chance: inout DiskChance) {
    if mode == .keepAll { return }
    var changes = self.unsynced[...]
    if case .prefix = mode {
      let kept = chance.below(changes.count + 1)
      for change in changes.prefix(kept) { change.apply(to: &self.durable) }
      changes = changes.dropFirst(kept).prefix(1)
    }
    for change in changes {
      for piece in change.survivors(of: mode, &chance) { piece.apply(to: &self.durable) }
    }
    self.unsynced = []
    self.cached = self.durable
  }
}

extension FileNode.Change {
  private static let page = 4096
  private static let sector = 512

  fileprivate func survivors(of mode: CrashMode, _ chance: inout DiskChance) -> [Self] {
    switch (mode, self) {
    case (.keepAll, _): return [self]
    case (.dropUnsynced, _): return []
    case (.prefix, .resize): return []
    case (.prefix, .write(let bytes, let offset)):
      return [.write(Array(bytes.prefix(chance.below(bytes.count))), at: offset)]
    case (_, .resize): return chance.below(2) == 0 ? [self] : []
    case (.torn, .write(let bytes, let offset)):
      switch chance.below(3) {
      case 0: return [self]
      case 1: return []
      default: return [.write(Array(bytes.prefix(chance.below(bytes.count))), at: offset)]
      }
    case (.scattered, .write(let bytes, let offset)):
      return Self.parts(of: bytes, at: offset, size: Self.page) { part in
        chance.below(2) == 0 ? part.count : 0
      }
    case (.sectors, .write(let bytes, let offset)):
      return Self.parts(of: bytes, at: offset, size: Self.sector) { part in
        switch chance.below(5) {
        case 0, 1: part.count
        case 2, 3: 0
        default: chance.below(part.count)
        }
      }
    }
  }

  /// The beginnings that survive of the parts that lie between multiples of a size.
  private static func parts(
    of bytes: [UInt8], at offset: Int, size: Int, surviving: (ArraySlice<UInt8>) -> Int
  ) -> [Self] {
    var pieces: [Self] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + size - (offset + start) % size)
      let count = surviving(bytes[start..<end])
      if count > 0 {
        pieces.append(.write(Array(bytes[start..<start + count]), at: offset + start))
      }
      start = end
    }
    return pieces
  }
}

extension [UInt8] {
  fileprivate mutating func resize(to size: Int) {
    if size < self.count {
      self.removeLast(self.count - size)
    } else {
      self += [UInt8](repeating: 0, count: size - self.count)
    }
  }
}
