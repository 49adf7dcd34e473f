import Raft
import RaftCommandLine
import RaftHTTP
import RaftJSON
import TestPace
import Testing

@testable import raft_kv

/// A server in this process, on free ports, with its data in memory unless it is given a folder.
struct ServerUnderTest: Sendable {
  let announcement: KVServer.Announcement
  let http: HTTPClient
  private let stop: Promise<ExitCode>

  var id: NodeID { self.announcement.id }
  var api: SocketAddress { self.announcement.apiAddress }

  /// Sends a request to the API; a body makes it a POST.
  func ask(_ path: String, _ body: String? = nil) async throws -> HTTPResponse {
    let request =
      body.map { HTTPRequest(.post, path, body: Array($0.utf8)) } ?? HTTPRequest(.get, path)
    return try await self.http.send(request, to: self.api, within: .seconds(20).patient)
  }

  /// The text of an answer that must have status 200.
  func text(_ path: String, _ body: String? = nil) async throws -> String {
    let response = try await self.ask(path, body)
    #expect(response.status == .ok)
    return response.text
  }

  /// Asks until the answer contains the text, for some seconds at most; returns the last answer.
  func await(_ part: String, in path: String, _ body: String? = nil) async throws -> String {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: .seconds(15).patient)
    while true {
      let text = try await self.text(path, body)
      guard !text.contains(part), clock.now < deadline else { return text }
      try await clock.sleep(for: .milliseconds(5))
    }
  }

  /// Asks until the answer does not contain the text any more, for some seconds at most.
  func await(noMore part: String, in path: String) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: .seconds(15).patient)
    while try await self.text(path).contains(part), clock.now < deadline {
      try await clock.sleep(for: .milliseconds(5))
    }
  }

  /// Ends the server before its time.
  func end() {
    self.stop.keep(.done)
  }

  /// Runs servers with these ids while the body runs.
  static func with(
    _ ids: [NodeID], witnesses: [NodeID] = [], electionTimeout: Duration = .seconds(1).patient,
    _ body: @Sendable ([ServerUnderTest]) async throws -> Void
  ) async throws {
    let loop = try EventLoop.start(named: "test-client")
    let http = HTTPClient(on: loop)
    let stops = ids.map { _ in Promise<ExitCode>() }
    let result = await withTaskGroup(of: Result<Void, any Error>.self) { group in
      var ready: [Promise<KVServer.Announcement>] = []
      for (id, stop) in zip(ids, stops) {
        let promise = Promise<KVServer.Announcement>()
        ready.append(promise)
        group.addTask {
          var options = ServeOptions(
            id: id, apiAddress: .loopback(port: 0), raftAddress: .loopback(port: 0))
          options.configuration.role = witnesses.contains(id) ? .witness : .replica
          options.configuration.heartbeatInterval = .milliseconds(100).patient
          options.configuration.electionTimeoutMin = electionTimeout
          options.configuration.electionTimeoutMax = electionTimeout * 2
          options.configuration.readTimeout = .seconds(2).patient
          options.configuration.appendTimeout = .seconds(10).patient
          do throws(Failure) {
            _ = try await KVServer.run(options, until: stop) { _ in
            } whenReady: {
              promise.keep($0)
            }
            return .success(())
          } catch {
            return .failure(error)
          }
        }
      }
      var servers: [ServerUnderTest] = []
      for (promise, stop) in zip(ready, stops) {
        // Tests that calculate may have all threads for a while.
        guard let announcement = await promise.value(within: .seconds(60).patient) else { break }
        servers.append(ServerUnderTest(announcement: announcement, http: http, stop: stop))
      }
      var result: Result<Void, any Error>
      do {
        try #require(servers.count == ids.count)
        result = .success(try await body(servers))
      } catch {
        result = .failure(error)
      }
      for stop in stops { stop.keep(.done) }
      for await end in group {
        if case .success = result { result = end }
      }
      return result
    }
    await http.close()
    await loop.shutdown()
    try result.get()
  }

  /// Makes the first of these servers found a cluster, and the others join it as voters.
  static func formCluster(_ servers: [ServerUnderTest]) async throws {
    #expect(try await servers[0].text("/init", "[]") == #"{"Ok":null}"#)
    _ = try await servers[0].await(#""state":"Leader""#, in: "/metrics")
    for server in servers.dropFirst() {
      let text = try await servers[0].text(
        "/add-learner",
        """
        {"node_id":\(server.id),"api_addr":"\(server.api)",\
        "raft_addr":"\(server.announcement.raftAddress)"}
        """)
      #expect(text.hasPrefix(#"{"Ok":{"log_id":"#))
    }
    let ids = servers.map { String(describing: $0.id) }.joined(separator: ",")
    let text = try await servers[0].text("/change-membership", "[\(ids)]")
    #expect(text.contains(#""membership":{"configs":[[\#(ids)]]"#))
  }
}
