import RaftConcurrency
import RaftHTTP
import TestPace
import Testing

@testable import raft_kv

/// A server that answers with what a test wrote down, the last answer again and again.
final class ScriptedServer: Sendable {
  private struct State {
    var answers: [HTTPResponse]
    var requests: [String] = []
  }

  private let state: Guarded<State>

  private init(_ answers: [HTTPResponse]) {
    self.state = Guarded(State(answers: answers))
  }

  /// The paths and bodies that were asked so far.
  var requests: [String] { self.state.withLock { $0.requests } }

  /// Puts other answers in the place of those that are left.
  func answer(_ answers: [HTTPResponse]) {
    self.state.withLock { $0.answers = answers }
  }

  private func respond(to request: HTTPRequest) -> HTTPResponse {
    self.state.withLock { state in
      state.requests.append("\(request.path) \(request.text)")
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
    }
  }

  /// Runs a server for each script while the body runs, with a client of them all.
  static func with(
    _ scripts: [[HTTPResponse]], patience: KVClient.Patience = .ample,
    _ body: ([ScriptedServer], [SocketAddress], KVClient) async throws -> Void
  ) async throws {
    let loop = try EventLoop.start(named: "test-scripts")
    var servers: [ScriptedServer] = []
    var addresses: [SocketAddress] = []
    for script in scripts {
      let server = ScriptedServer(script)
      let port = try await HTTPServer.bind(to: .loopback(port: 0), on: loop) { request in
        server.respond(to: request)
      }
      servers.append(server)
      addresses.append(port.address)
    }
    let http = HTTPClient(on: loop)
    do {
      try await body(servers, addresses, KVClient(addresses, http: http, patience: patience))
    } catch {
      await loop.shutdown()
      throw error
    }
    await loop.shutdown()
  }
}

extension KVClient.Patience {
  /// Enough for servers that answer at once, also on a machine that is busy with other tests.
  static let ample = KVClient.Patience(
    total: .seconds(60).patient, attempt: .seconds(30).patient, pause: .milliseconds(40))
}
