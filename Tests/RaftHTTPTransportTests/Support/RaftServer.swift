import Raft
import RaftConcurrency
import RaftHTTP
import RaftMemoryStore
import RaftSockets
import RaftStoreTesting
import TestPace

@testable import RaftHTTPTransport

/// A node behind a raft port of its own, over memory stores that survive its restart.
final class RaftServer: Sendable {
  private struct Life: Sendable {
    let node: RaftNode<Journal>
    let handler: RaftHTTPHandler
    let run: Task<Void, Never>
  }

  /// What answers at the port at a time.
  private final class Desk: Sendable {
    let life = Guarded<Life?>(nil)

    func respond(to request: HTTPRequest) async -> HTTPResponse {
      guard let life = self.life.withLock({ $0 }) else {
        return .text("not started", .serviceUnavailable)
      }
      return await life.handler.respond(to: request)
    }
  }

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.heartbeatInterval = .milliseconds(50)
    configuration.electionTimeoutMin = .milliseconds(500)
    configuration.electionTimeoutMax = .milliseconds(1000)
    configuration.readTimeout = .seconds(2)
    // In real time, and for a machine that is busy with other tests.
    configuration.appendTimeout = .seconds(10)
    return configuration
  }

  static let limit = Duration.seconds(10).patient

  /// The nodes' clock; it waits while the machine is busy with other tests.
  private static let clock = PatientClock()
  private static let ticking = Task { await clock.run() }

  let id: NodeID
  let member: Member
  private let configuration: Configuration
  private let log = MemoryLogStore()
  private let snapshots = MemorySnapshotStore()
  private let loop: EventLoop
  private let server: HTTPServer
  private let client: HTTPClient
  private let transport: HTTPTransport
  private let desk: Desk

  /// Opens the port; the node is started by ``start()``.
  init(
    _ id: NodeID, on loop: EventLoop, _ configuration: Configuration = RaftServer.configuration
  ) async throws {
    let desk = Desk()
    _ = Self.ticking
    self.id = id
    self.configuration = configuration
    self.loop = loop
    self.desk = desk
    self.server = try await HTTPServer.bind(to: .loopback(port: 0), on: loop, .raftPort()) {
      await desk.respond(to: $0)
    }
    self.member = Member(id: id, address: self.server.address.description)
    self.client = HTTPClient(on: loop)
    self.transport = HTTPTransport(
      over: self.client, for: Journal.self, snapshots: .pieces(bytesMax: 100))
  }

  var node: RaftNode<Journal> {
    guard let life = self.desk.life.withLock({ $0 }) else { preconditionFailure("not started") }
    return life.node
  }

  var handler: RaftHTTPHandler { RaftHTTPHandler(self.node) }

  /// A connection as one of this server's peers would get it.
  func connection(to member: Member) -> any PeerConnection {
    self.transport.connection(to: member)
  }

  /// Starts a node with what the stores hold.
  func start() throws {
    let node = try RaftNode(
      id: self.id, machine: Journal(), logStore: self.log, snapshotStore: self.snapshots,
      transport: self.transport, configuration: self.configuration, clock: Self.clock,
      seed: self.id.rawValue)
    let run = Task { () async -> Void in
      do throws(NodeFailure) {
        try await node.run()
      } catch {
        preconditionFailure("node \(node.id) stopped: \(error)")
      }
    }
    let life = Life(node: node, handler: RaftHTTPHandler(node), run: run)
    self.desk.life.withLock { $0 = life }
  }

  /// Stops the node; the port stays open and answers for a node that does not run.
  func stop() async {
    guard let life = self.desk.life.withLock({ $0 }) else { return }
    await life.node.shutdown()
    await life.run.value
  }

  func close() async {
    await self.stop()
    await self.client.close()
    await self.server.shutdown(within: .zero)
  }
}

/// Runs the body with an event loop, and ends it whatever comes of it.
func withLoop<Value>(_ body: (EventLoop) async throws -> Value) async throws -> Value {
  let loop = try EventLoop.start()
  do {
    let value = try await body(loop)
    await loop.shutdown()
    return value
  } catch {
    await loop.shutdown()
    throw error
  }
}

/// Runs the body with started servers 1 to `count`, and stops all whatever comes of it.
func withServers(
  _ count: UInt64, _ configuration: Configuration = RaftServer.configuration,
  _ body: ([RaftServer]) async throws -> Void
) async throws {
  try await withLoop { loop in
    var servers: [RaftServer] = []
    for number in 1...count {
      servers.append(try await RaftServer(NodeID(number), on: loop, configuration))
    }
    do {
      for server in servers { try server.start() }
      try await body(servers)
    } catch {
      for server in servers { await server.close() }
      throw error
    }
    for server in servers { await server.close() }
  }
}
