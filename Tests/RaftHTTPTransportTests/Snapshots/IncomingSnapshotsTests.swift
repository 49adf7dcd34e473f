import Raft
import RaftConcurrency
import Testing

@testable import RaftHTTPTransport

@Suite("Snapshots that come in pieces")
struct IncomingSnapshotsTests {
  private static let snapshot = SnapshotMeta(
    lastLogID: Sample.logID(4), membership: .none, byteCount: 6)
  private static let response = SnapshotResponse(vote: Sample.vote, incarnation: nil)

  private static func piece(
    at offset: UInt64, _ content: [UInt8], of snapshot: SnapshotMeta = Self.snapshot
  ) -> PieceBody {
    PieceBody(vote: Sample.vote, snapshot: snapshot, offset: offset, content: content)
  }

  /// Takes in snapshots as a node does, one after the other.
  private final class Receiver: Sendable {
    let contents = Guarded<[[UInt8]]>([])

    func install(_ request: SnapshotRequest) async throws(RequestError) -> SnapshotResponse {
      var content: [UInt8] = []
      do throws(StorageError) {
        while let piece = try await request.content.next() { content += piece }
      } catch {
        throw .interrupted(error)
      }
      self.contents.withLock { $0.append(content) }
      return IncomingSnapshotsTests.response
    }
  }

  private static func incoming(_ receiver: Receiver) -> IncomingSnapshots {
    IncomingSnapshots { request throws(RequestError) in try await receiver.install(request) }
  }

  @Test("Pieces that come in order are installed, and the last one is answered by that")
  func inOrder() async throws {
    let receiver = Receiver()
    let incoming = Self.incoming(receiver)
    #expect(
      try await incoming.take(Self.piece(at: 0, [1, 2]), Sample.contact) == .awaiting(offset: 2))
    #expect(
      try await incoming.take(Self.piece(at: 2, [3]), Sample.contact) == .awaiting(offset: 3))
    #expect(
      try await incoming.take(Self.piece(at: 3, [4, 5, 6]), Sample.contact)
        == .done(Self.response))
    #expect(receiver.contents.withLock { $0 } == [[1, 2, 3, 4, 5, 6]])
  }

  @Test("A piece that comes twice, or too early, changes nothing")
  func outOfTurn() async throws {
    let receiver = Receiver()
    let incoming = Self.incoming(receiver)
    #expect(
      try await incoming.take(Self.piece(at: 2, [3]), Sample.contact) == .awaiting(offset: 0))
    for _ in 0..<2 {
      #expect(
        try await incoming.take(Self.piece(at: 0, [1, 2]), Sample.contact)
          == .awaiting(offset: 2))
    }
    #expect(
      try await incoming.take(Self.piece(at: 3, [4, 5, 6]), Sample.contact)
        == .awaiting(offset: 2))
    for _ in 0..<2 {
      #expect(
        try await incoming.take(Self.piece(at: 2, [3, 4, 5, 6]), Sample.contact)
          == .done(Self.response))
    }
    #expect(receiver.contents.withLock { $0 } == [[1, 2, 3, 4, 5, 6]])
  }

  @Test("The last piece, sent again while the snapshot is installed, gets the same answer")
  func lastAgain() async throws {
    let release = AsyncStream.makeStream(of: Void.self)
    let receiver = Receiver()
    let incoming = IncomingSnapshots { request throws(RequestError) in
      for await _ in release.stream { break }
      return try await receiver.install(request)
    }
    let whole = Self.piece(at: 0, [1, 2, 3, 4, 5, 6])
    try await withThrowingTaskGroup(of: PieceAnswer.self) { group in
      for _ in 0..<3 { group.addTask { try await incoming.take(whole, Sample.contact) } }
      release.continuation.yield()
      for try await answer in group { #expect(answer == .done(Self.response)) }
    }
    #expect(receiver.contents.withLock { $0 } == [[1, 2, 3, 4, 5, 6]])
  }

  @Test("A node that wants none of it answers at the next piece")
  func unwanted() async throws {
    let answered = AsyncStream.makeStream(of: Void.self)
    let incoming = IncomingSnapshots { _ throws(RequestError) in
      defer { answered.continuation.yield() }
      return Self.response
    }
    _ = try await incoming.take(Self.piece(at: 0, [1]), Sample.contact)
    for await _ in answered.stream { break }
    // The node's answer goes its way behind the call; pieces are taken until it is there.
    var answer = PieceAnswer.awaiting(offset: 1)
    while answer == .awaiting(offset: 1) {
      answer = try await incoming.take(Self.piece(at: 2, [3]), Sample.contact)
      await Task.yield()
    }
    #expect(answer == .done(Self.response))
  }

  @Test("After a failure the first piece begins anew")
  func anew() async throws {
    let receiver = Receiver()
    let isBroken = Guarded(true)
    let incoming = IncomingSnapshots { request throws(RequestError) in
      guard isBroken.withLock({ $0 }) else { return try await receiver.install(request) }
      throw .interrupted(StorageError(.io, "no space"))
    }
    let whole = Self.piece(at: 0, [1, 2, 3, 4, 5, 6])
    for _ in 0..<2 {
      await #expect(throws: RequestError.interrupted(StorageError(.io, "no space"))) {
        try await incoming.take(whole, Sample.contact)
      }
    }
    isBroken.withLock { $0 = false }
    #expect(try await incoming.take(whole, Sample.contact) == .done(Self.response))
  }

  @Test("Pieces of different snapshots and senders do not mix, and few are taken at a time")
  func several() async throws {
    let receiver = Receiver()
    let incoming = Self.incoming(receiver)
    func contact(_ sender: NodeID) -> Contact {
      Contact(cluster: nil, sender: sender, receiver: 9)
    }
    for sender in 1...4 {
      _ = try await incoming.take(
        Self.piece(at: 0, [UInt8(sender), 0]), contact(NodeID(UInt64(sender))))
    }
    await #expect(throws: RequestError.busy) {
      try await incoming.take(Self.piece(at: 0, [5]), contact(5))
    }
    _ = try await incoming.take(Self.piece(at: 2, [7, 7, 7, 7]), contact(3))
    #expect(receiver.contents.withLock { $0 } == [[3, 0, 7, 7, 7, 7]])
    // Its place is free again.
    #expect(
      try await incoming.take(Self.piece(at: 0, [5]), contact(5)) == .awaiting(offset: 1))
  }

  @Test("Who waits for a piece stops when it is cancelled")
  func cancelled() async throws {
    let incoming = IncomingSnapshot(Self.snapshot)
    let reading = Task { () async -> StorageError? in
      do throws(StorageError) {
        _ = try await incoming.next()
        return nil
      } catch {
        return error
      }
    }
    reading.cancel()
    #expect(await reading.value?.kind == .closed)
    // The first piece waits for the node, the second for the first.
    _ = try await incoming.take(Self.piece(at: 0, [1]))
    let sending = Task { try await incoming.take(Self.piece(at: 1, [2])) }
    sending.cancel()
    await #expect(throws: RequestError.busy) { try await sending.value }
  }
}
