import Raft

/// The guest's part of a snapshot: what follows the first bytes.
final class GuestReader: SnapshotReader, @unchecked Sendable {
  private var first: [UInt8]?
  private let rest: any SnapshotReader

  init(first: [UInt8], rest: any SnapshotReader) {
    self.first = first.isEmpty ? nil : first
    self.rest = rest
  }

  func next() async throws(StorageError) -> [UInt8]? {
    if let first = self.first {
      self.first = nil
      return first
    }
    return try await self.rest.next()
  }
}
