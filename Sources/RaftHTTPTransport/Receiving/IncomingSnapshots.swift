internal import Raft
import RaftConcurrency

/// The snapshots that come in pieces at a node's raft port.
final class IncomingSnapshots: Sendable {
  /// What the pieces of one snapshot have in common.
  private struct Key: Hashable {
    let contact: Contact
    let vote: Vote
    let snapshot: SnapshotMeta
  }

  /// How many senders are listened to at a time.
  ///
  /// The node takes one snapshot at a time, and tells the others so.
  private static let countMax = 4

  private let install: @Sendable (SnapshotRequest) async throws(RequestError) -> SnapshotResponse
  private let snapshots = Guarded<[Key: IncomingSnapshot]>([:])

  /// Snapshots that are handed to `install` while they come.
  init(
    install: @escaping @Sendable (SnapshotRequest) async throws(RequestError) -> SnapshotResponse
  ) {
    self.install = install
  }

  /// Takes a piece; returns what to say to its sender.
  func take(
    _ piece: PieceBody, _ contact: Contact
  ) async throws(RequestError) -> PieceAnswer {
    let key = Key(contact: contact, vote: piece.vote, snapshot: piece.snapshot)
    let (incoming, isNew) = try self.incoming(key, piece)
    guard let incoming else { return .awaiting(offset: 0) }
    if isNew {
      let request = SnapshotRequest(
        contact: contact, vote: piece.vote, snapshot: piece.snapshot, content: incoming)
      let install = self.install
      Task {
        do throws(RequestError) {
          incoming.end(.success(try await install(request)))
        } catch {
          incoming.end(.failure(error))
        }
      }
    }
    return try await incoming.take(piece)
  }

  /// Where the piece belongs; nil if the pieces before it are not here.
  private func incoming(
    _ key: Key, _ piece: PieceBody
  ) throws(RequestError) -> (IncomingSnapshot?, isNew: Bool) {
    try self.snapshots.withLock { snapshots throws(RequestError) in
      // What is over stays known for a last piece that is sent again; a first one starts anew.
      if let known = snapshots[key], piece.offset > 0 || !known.isOver { return (known, false) }
      guard piece.offset == 0 else { return (nil, false) }
      snapshots = snapshots.filter { !$0.value.isOver }
      guard snapshots.count < Self.countMax else { throw .busy }
      let incoming = IncomingSnapshot(piece.snapshot)
      snapshots[key] = incoming
      return (incoming, true)
    }
  }
}
