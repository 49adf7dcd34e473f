import Raft
import RaftConcurrency
import RaftHTTP
import RaftSockets
import TestPace
import Testing

@testable import RaftHTTPTransport

@Suite("Sending snapshots in pieces", .realTime, .serialized)
struct SnapshotSendingTests {
  private static let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  private static let limit = Duration.seconds(120).patient

  /// What becomes of a message.
  private enum Fate {
    case served, requestLost, answerLost
  }

  /// A port that takes pieces, and a connection to it.
  private static func withReceiver(
    bytesPerSecondMax: Int? = nil, pieceTime: Duration = .seconds(60),
    _ fate: @escaping @Sendable (Int) -> Fate,
    _ body: (HTTPPeerConnection, Guarded<[[UInt8]]>) async throws -> Void
  ) async throws {
    let contents = Guarded<[[UInt8]]>([])
    let incoming = IncomingSnapshots { request throws(RequestError) in
      var content: [UInt8] = []
      do throws(StorageError) {
        while let piece = try await request.content.next() { content += piece }
      } catch {
        throw .interrupted(error)
      }
      contents.withLock { $0.append(content) }
      return SnapshotResponse(vote: Sample.vote, incarnation: nil)
    }
    let count = Guarded(0)
    try await withLoop { loop in
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .raftPort(bodyBytesMax: 4000)
      ) { request in
        let number = count.withLock { count in
          count += 1
          return count
        }
        let fate = fate(number)
        if fate == .requestLost { await Self.never() }
        let response = await Self.respond(to: request, incoming)
        if fate == .answerLost { await Self.never() }
        return response
      }
      let client = HTTPClient(on: loop)
      let connection = HTTPPeerConnection(
        to: Member(id: 2, address: server.address.description), over: client, payloads: .base64,
        bodyBytesMax: 4000, sending: .pieces(bytesMax: 1000),
        pace: SnapshotPace(bytesPerSecondMax: bytesPerSecondMax),
        patience: PiecePatience(
          resumption: .seconds(120), piece: pieceTime, pause: .milliseconds(1)))
      do {
        try await body(connection, contents)
      } catch {
        await client.close()
        await server.shutdown(within: .zero)
        throw error
      }
      await client.close()
      await server.shutdown(within: .zero)
    }
  }

  private static func respond(
    to request: HTTPRequest, _ incoming: IncomingSnapshots
  ) async -> HTTPResponse {
    do {
      let piece = try PieceBody(body: request.body)
      let answer = try await incoming.take(piece, Contact(request.headers))
      return HTTPResponse(.ok, body: Array(#"{"Ok":\#(Sample.text(answer.jsonBytes()))}"#.utf8))
    } catch {
      return .text("\(error)", .internalServerError)
    }
  }

  /// Ends when the task is cancelled.
  private static func never() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
  }

  /// The content in pieces as a store would give them, of other sizes than those of the messages.
  private static func request(
    _ content: [UInt8] = Self.content, announced: Int? = nil
  ) -> SnapshotRequest {
    let pieces = stride(from: 0, to: content.count, by: 2300).map {
      Result<[UInt8], StorageError>.success(Array(content[$0..<min($0 + 2300, content.count)]))
    }
    return SnapshotRequest(
      contact: Sample.contact, vote: Sample.vote,
      snapshot: SnapshotMeta(
        lastLogID: Sample.logID(4), membership: .none,
        byteCount: UInt64(announced ?? content.count)),
      content: Pieces(pieces))
  }

  @Test("All bytes arrive once, in order, in messages that are smaller than the snapshot")
  func whole() async throws {
    try await Self.withReceiver { _ in
      .served
    } _: { connection, contents in
      let response = try await connection.installSnapshot(Self.request(), within: Self.limit)
      #expect(response == SnapshotResponse(vote: Sample.vote, incarnation: nil))
      #expect(contents.withLock { $0 } == [Self.content])
    }
  }

  @Test("Messages that are lost, and answers that are, cost their piece alone")
  func lossy() async throws {
    let fates: @Sendable (Int) -> Fate = { number in
      [2: .requestLost, 4: .answerLost, 5: .requestLost, 12: .answerLost][number] ?? .served
    }
    try await Self.withReceiver(pieceTime: .milliseconds(500), fates) { connection, contents in
      _ = try await connection.installSnapshot(Self.request(), within: Self.limit)
      #expect(contents.withLock { $0 } == [Self.content])
    }
  }

  @Test("An attempt goes on where the one before it broke off")
  func resumed() async throws {
    try await Self.withReceiver(pieceTime: .milliseconds(500)) { number in
      number == 6 ? .requestLost : .served
    } _: { connection, contents in
      await #expect(throws: TransportError.timedOut) {
        // The whole attempt ends before the sixth piece is sent again.
        try await connection.installSnapshot(Self.request(), within: .milliseconds(450))
      }
      _ = try await connection.installSnapshot(Self.request(), within: Self.limit)
      // Had the second attempt begun anew, there would be two contents, and one of them short.
      #expect(contents.withLock { $0 } == [Self.content])
    }
  }

  @Test("The pace holds for all snapshots together")
  func paced() async throws {
    try await Self.withReceiver(bytesPerSecondMax: 20_000) { _ in
      .served
    } _: {
      connection, contents in
      let clock = ContinuousClock()
      let start = clock.now
      _ = try await connection.installSnapshot(Self.request(), within: Self.limit)
      // The last of ten pieces leaves when the nine before it had their time.
      #expect(clock.now - start >= .milliseconds(450))
      #expect(contents.withLock { $0 } == [Self.content])
      await #expect(throws: TransportError.timedOut) {
        try await connection.installSnapshot(Self.request(), within: .milliseconds(20))
      }
    }
  }

  @Test("A snapshot that is not what it says on this side is not sent to its end")
  func short() async throws {
    try await Self.withReceiver { _ in
      .served
    } _: { connection, contents in
      for announced in [Self.content.count + 1, Self.content.count - 1] {
        await #expect(
          throws: TransportError.remote(
            "the snapshot has not the \(announced) bytes on this side that it says")
        ) {
          try await connection.installSnapshot(
            Self.request(announced: announced), within: Self.limit)
        }
      }
      #expect(contents.withLock { $0 } == [])
    }
  }
}
