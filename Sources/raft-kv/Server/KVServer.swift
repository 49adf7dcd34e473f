import Raft
import RaftCommandLine
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// One server of the cluster: a node, a port for clients, and a port for the other servers.
enum KVServer {
  /// What others must know of a server that is ready.
  struct Announcement: Sendable {
    let id: NodeID
    let apiAddress: SocketAddress
    let raftAddress: SocketAddress
    let data: String?

    /// One line of JSON.
    var line: String {
      let ready: JSON = [
        "id": .number(JSONNumber(self.id.rawValue)),
        "api_addr": .string(String(describing: self.apiAddress)),
        "raft_addr": .string(String(describing: self.raftAddress)),
        "data": self.data.map { .string($0) } ?? .null,
      ]
      return JSON.object(["ready": ready]).text()
    }

    /// The server as a member of a cluster.
    var member: Member {
      Member(
        id: self.id, address: String(describing: self.raftAddress),
        metadata: [NodeInfo.apiKey: String(describing: self.apiAddress)])
    }
  }

  /// How long requests under way may take when the server is stopped.
  private static let drainTimeout: Duration = .seconds(2)

  /// Serves until it is asked to stop; returns when everything has ended.
  ///
  /// - Parameters:
  ///   - options: What the server is told.
  ///   - stop: Kept when the server shall stop.
  ///   - log: Takes one line for each change that an operator cares about.
  ///   - whenReady: Called once, when both ports answer and the data is read.
  /// - Returns: The damage for which it ended, if it shall be rebuilt then; `nil` when it was asked
  ///   to stop.
  /// - Throws: ``Failure`` if a port or the folder cannot be used, or the node failed.
  static func run(
    _ options: ServeOptions, until stop: Promise<ExitCode>,
    log: @escaping @Sendable (String) -> Void,
    whenReady: @Sendable (Announcement) -> Void
  ) async throws(Failure) -> StorageError? {
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "raft-kv")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    let damage: StorageError?
    do throws(Failure) {
      damage = try await Self.run(options, on: loop, until: stop, log: log, whenReady: whenReady)
    } catch {
      await loop.shutdown()
      throw error
    }
    await loop.shutdown()
    return damage
  }

  private static func run(
    _ options: ServeOptions, on loop: EventLoop, until stop: Promise<ExitCode>,
    log: @escaping @Sendable (String) -> Void,
    whenReady: @Sendable (Announcement) -> Void
  ) async throws(Failure) -> StorageError? {
    let rebuilding = Rebuilding(options)
    let stores: NodeStores
    do throws(StorageError) {
      stores = try await NodeStores(options)
    } catch {
      if error.kind == .corrupted, rebuilding != nil { return error }
      throw Failure(
        .unusable, "the data folder \(options.data ?? "") cannot be used: \(error)")
    }
    let parts: Parts
    do throws(Failure) {
      parts = try await Self.open(options, stores, on: loop)
    } catch {
      await stores.log.close()
      throw error
    }
    let node = parts.node
    let damage = Promise<StorageError>()
    stores.reportDamage { found in
      // Who rebuilds the server tells of it.
      if rebuilding != nil { damage.keep(found) } else { log("damage: \(found)") }
    }
    let failure = await withTaskGroup(of: NodeFailure?.self) { group -> NodeFailure? in
      group.addTask {
        do throws(NodeFailure) {
          try await node.run()
          return nil
        } catch {
          return error
        }
      }
      if await Self.hasRecovered(node) {
        whenReady(parts.announcement)
        group.addTask {
          _ = await stop.value()
          return nil
        }
        group.addTask {
          _ = await damage.value()
          return nil
        }
        group.addTask {
          async let isBack: Void? = rebuilding.flatMap { $0.isUnderWay ? $0 : nil }?.comeBack(
            as: parts.announcement, options.configuration.role, over: parts.http, log: log)
          await Self.report(node, to: log)
          _ = await isBack
          return nil
        }
      }
      var failure = await group.next() ?? nil
      if Self.leadsOthers(node) {
        // While it hands over it can still tell clients where to go.
        await node.shutdown()
      }
      await parts.apiPort.shutdown(within: Self.drainTimeout)
      await node.shutdown()
      await parts.raftPort.shutdown(within: Self.drainTimeout)
      group.cancelAll()
      for await other in group { failure = failure ?? other }
      return failure
    }
    await parts.http.close()
    if let damage = damage.current { return damage }
    if case .storage(let error) = failure, error.kind == .corrupted, rebuilding != nil {
      return error
    }
    if let failure { throw Failure(.failed, "the node stopped: \(failure)") }
    return nil
  }

  /// What a server is made of.
  private struct Parts {
    let apiPort: HTTPServer
    let raftPort: HTTPServer
    let node: RaftNode<KVMachine>
    let http: HTTPClient
    let announcement: Announcement
  }

  /// Makes the node and opens both ports to it.
  private static func open(
    _ options: ServeOptions, _ stores: NodeStores, on loop: EventLoop
  ) async throws(Failure) -> Parts {
    let http = HTTPClient(on: loop)
    let node: RaftNode<KVMachine>
    do {
      node = try RaftNode(
        id: options.id, machine: KVMachine(), logStore: stores.log,
        snapshotStore: stores.snapshots,
        transport: HTTPTransport(over: http, for: KVMachine.self),
        configuration: options.configuration)
    } catch {
      throw Failure(.usage, String(describing: error))
    }
    let measures = MeasureBoard()
    node.setMetricsRecorder(measures)
    let handler = RaftHTTPHandler(node)
    let raftPort = try await Self.bind(
      options.raftAddress, "--raft-addr", on: loop, .raftPort()
    ) { request in
      await handler.respond(to: request)
    }
    // The answers name the real ports, which are known when both are open.
    let api = Promise<API>()
    let apiPort: HTTPServer
    do throws(Failure) {
      apiPort = try await Self.bind(options.apiAddress, "--api-addr", on: loop, .init()) {
        request in
        await api.value()?.answer(request) ?? .text("not ready", .serviceUnavailable)
      }
    } catch {
      await raftPort.shutdown(within: .zero)
      throw error
    }
    let announcement = Announcement(
      id: options.id, apiAddress: options.apiAddress.withPort(apiPort.address.port),
      raftAddress: options.raftAddress.withPort(raftPort.address.port), data: options.data)
    api.keep(API(member: announcement.member, node: node, http: http, measures: measures))
    return Parts(
      apiPort: apiPort, raftPort: raftPort, node: node, http: http, announcement: announcement)
  }

  private static func bind(
    _ address: SocketAddress, _ option: String, on loop: EventLoop,
    _ configuration: HTTPServer.Configuration,
    handler: @escaping HTTPServer.Handler
  ) async throws(Failure) -> HTTPServer {
    do {
      return try await HTTPServer.bind(
        to: address, on: loop, configuration, handler: handler)
    } catch {
      throw Failure(.unusable, "\(option): \(error)")
    }
  }

  /// Whether the node leads, and there is somebody to hand over to.
  private static func leadsOthers(_ node: RaftNode<KVMachine>) -> Bool {
    let metrics = node.metrics
    let voters = metrics.effectiveMembership.membership?.voters ?? []
    return metrics.state == .leader && voters.contains { $0 != node.id }
  }

  /// Waits until the node has read its stores; whether it could.
  private static func hasRecovered(_ node: RaftNode<KVMachine>) async -> Bool {
    do {
      _ = try await node.readBarrier()
    } catch .stopped {
      return false
    } catch {
      // Whatever else it says, it runs.
    }
    return true
  }

  /// Tells of changes of role and leader until the node stops.
  private static func report(
    _ node: RaftNode<KVMachine>, to log: @Sendable (String) -> Void
  ) async {
    var last = ""
    for await metrics in node.metricsUpdates {
      let leader = metrics.leader.map { "leader \($0)" } ?? "no leader"
      let line = "\(metrics.state) in term \(metrics.term), \(leader)"
      guard line != last else { continue }
      last = line
      log(line)
    }
  }
}
