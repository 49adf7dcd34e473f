import Raft
import RaftHTTP
import RaftSockets

@testable import RaftHTTPTransport

/// A raft port that gives one answer to everything, or none, and a transport to reach it with.
struct CannedServer {
  let server: HTTPServer
  let connection: any PeerConnection
  /// The requests that have arrived.
  private let arrivals: AsyncStream<HTTPRequest>

  /// The next request, as soon as it has arrived.
  func nextArrival() async -> HTTPRequest? {
    for await request in self.arrivals { return request }
    return nil
  }

  /// Runs the body with a server; it answers with `answer`, or never if that is nil.
  static func with(
    _ answer: HTTPResponse?, bodyBytesMax: Int = HTTPLimits.replication.bodyBytes,
    serverBodyBytesMax: Int = HTTPLimits.replication.bodyBytes,
    _ body: (CannedServer) async throws -> Void
  ) async throws {
    try await withLoop { loop in
      let (arrivals, arrived) = AsyncStream.makeStream(of: HTTPRequest.self)
      let server = try await HTTPServer.bind(
        to: .loopback(port: 0), on: loop, .raftPort(bodyBytesMax: serverBodyBytesMax)
      ) { request in
        arrived.yield(request)
        if let answer { return answer }
        // Ends when the handler is cancelled.
        let (never, _) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        return HTTPResponse()
      }
      let client = HTTPClient(on: loop)
      let transport = HTTPTransport(
        over: client, for: Journal.self, snapshots: .whole, bodyBytesMax: bodyBytesMax)
      let member = Member(id: 2, address: server.address.description)
      let canned = CannedServer(
        server: server, connection: transport.connection(to: member), arrivals: arrivals)
      do {
        try await body(canned)
      } catch {
        await client.close()
        await server.shutdown(within: .zero)
        throw error
      }
      await client.close()
      await server.shutdown(within: .zero)
    }
  }
}
