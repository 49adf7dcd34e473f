import Raft
import RaftCommandLine
import RaftFileStore
import RaftHTTP
import RaftHTTPTransport
import RaftJSON
import SensorFleetModel

/// A server from its start to its end: stores, ports, node, and what runs beside them.
enum FleetServing {
  /// What others must know of a server that is ready.
  struct Announcement: Sendable {
    let id: ServerID
    let apiAddress: SocketAddress
    let raftAddress: SocketAddress

    /// One line of JSON.
    var line: String {
      let ready: JSON = [
        "id": .number(JSONNumber(self.id.rawValue)),
        "api_addr": .string(String(describing: self.apiAddress)),
        "raft_addr": .string(String(describing: self.raftAddress)),
      ]
      return JSON.object(["ready": ready]).text()
    }
  }

  private static let drainTimeout: Duration = .seconds(1)
  private static let joinTimeout: Duration = .seconds(45)

  /// Serves until it is asked to stop; returns when everything has ended.
  ///
  /// - Throws: ``Failure`` if a port or the folder cannot be used, or something failed for good.
  static func run(
    _ options: ServeOptions, until stop: Promise<ExitCode>,
    log: @escaping @Sendable (String) -> Void,
    whenReady: @Sendable (Announcement) -> Void
  ) async throws(Failure) {
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "sensor-fleet")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    do throws(Failure) {
      try await Self.run(options, on: loop, until: stop, log: log, whenReady: whenReady)
    } catch {
      await loop.shutdown()
      throw error
    }
    await loop.shutdown()
  }

  private static func run(
    _ options: ServeOptions, on loop: EventLoop, until stop: Promise<ExitCode>,
    log: @escaping @Sendable (String) -> Void,
    whenReady: @Sendable (Announcement) -> Void
  ) async throws(Failure) {
    let identity = try FleetIdentity.open(options.data, for: options.id)
    let store: FileStore
    do throws(StorageError) {
      store = try await FileStore.open(
        directory: "\(options.data)/raft", node: NodeID(options.id.rawValue))
    } catch {
      throw Failure(.unusable, "the data folder \(options.data) cannot be used: \(error)")
    }
    let host = FleetHost(
      id: options.id, store: try StoreThread(folder: "\(options.data)/shards"))
    let parts = try await Self.open(options, identity, store, host, on: loop)
    whenReady(parts.announcement)
    let failure = await Self.run(parts, options, until: stop, log)
    await parts.http.close()
    if let failure { throw failure }
  }

  /// What a server is made of.
  private struct Parts: Sendable {
    let apiPort: HTTPServer
    let raftPort: HTTPServer
    let fleet: FleetNode
    let http: HTTPClient
    let announcement: Announcement
  }

  private static func open(
    _ options: ServeOptions, _ identity: FleetIdentity, _ store: FileStore, _ host: FleetHost,
    on loop: EventLoop
  ) async throws(Failure) -> Parts {
    let http = HTTPClient(
      on: loop,
      HTTPClient.Configuration(limits: .replication, connectionsPerServer: 64, idlePerServer: 64))
    let cuts = Cuts()
    let transport = HTTPTransport(over: http, for: FleetMachine.self)
    let node: RaftNode<FleetMachine>
    do {
      node = try RaftNode(
        id: NodeID(options.id.rawValue),
        machine: FleetMachine { host.follow($0, at: $1) }, logStore: store.log,
        snapshotStore: store.snapshots,
        transport: options.allowsCuts ? CutTransport(whole: transport, cuts: cuts) : transport,
        configuration: options.configuration)
    } catch {
      throw Failure(.usage, String(describing: error))
    }
    let handler = RaftHTTPHandler(node)
    let raftPort = try await Self.bind(options.raftAddress, "--raft-addr", on: loop, .raftPort()) {
      await handler.respond(to: $0)
    }
    // The answers name the real ports, which are known when both are open.
    let api = Promise<FleetAPI>()
    let apiPort = try await Self.bind(
      options.apiAddress, "--api-addr", on: loop, .init(limits: .replication)
    ) { await api.value()?.answer($0) ?? .text("not ready\n", .serviceUnavailable) }
    let announcement = Announcement(
      id: options.id, apiAddress: options.apiAddress.withPort(apiPort.address.port),
      raftAddress: options.raftAddress.withPort(raftPort.address.port))
    let member = Member(
      id: NodeID(options.id.rawValue), address: String(describing: announcement.raftAddress),
      metadata: [NodeInfo.apiKey: String(describing: announcement.apiAddress)])
    let fleet = FleetNode(
      member: member, identity: identity, zone: options.zone, data: options.data,
      node: node, host: host, http: http,
      cuts: cuts)
    api.keep(FleetAPI(fleet: fleet, allowsCuts: options.allowsCuts))
    return Parts(
      apiPort: apiPort, raftPort: raftPort, fleet: fleet, http: http, announcement: announcement)
  }

  private static func bind(
    _ address: SocketAddress, _ option: String, on loop: EventLoop,
    _ configuration: HTTPServer.Configuration, handler: @escaping HTTPServer.Handler
  ) async throws(Failure) -> HTTPServer {
    do {
      return try await HTTPServer.bind(to: address, on: loop, configuration, handler: handler)
    } catch {
      throw Failure(.unusable, "\(option): \(error)")
    }
  }

  // MARK: Running

  /// Runs all parts until the first one ends; returns what failed.
  private static func run(
    _ parts: Parts, _ options: ServeOptions, until stop: Promise<ExitCode>,
    _ log: @escaping @Sendable (String) -> Void
  ) async -> Failure? {
    let fleet = parts.fleet
    return await withTaskGroup(of: Failure?.self) { group in
      group.addTask {
        do throws(NodeFailure) {
          try await fleet.node.run()
          return nil
        } catch {
          return Failure(.failed, "the node stopped: \(error)")
        }
      }
      group.addTask {
        _ = await stop.value()
        return nil
      }
      group.addTask {
        guard let reason = await fleet.host.store.ending.value(), !reason.isEmpty else {
          return nil
        }
        return Failure(.failed, reason)
      }
      group.addTask {
        do throws(Failure) {
          try await Self.enter(fleet, options)
        } catch {
          return error
        }
        await fleet.serve(log: log)
        return nil
      }
      var failure = await group.next() ?? nil
      fleet.host.close()
      await parts.apiPort.shutdown(within: Self.drainTimeout)
      await fleet.node.shutdown()
      await parts.raftPort.shutdown(within: Self.drainTimeout)
      group.cancelAll()
      for await other in group { failure = failure ?? other }
      // Last: what still ran may have waited for the disk.
      await fleet.host.store.end()
      return failure
    }
  }

  /// Founds a cluster, or has one take this server in, if it belongs to none yet.
  private static func enter(_ fleet: FleetNode, _ options: ServeOptions) async throws(Failure) {
    guard let isInitialized = try? await fleet.node.isInitialized, !isInitialized else {
      return try await Self.checkFleet(fleet, options)
    }
    switch options.entrance {
    case .known: return
    case .founds:
      do throws(BootstrapError) {
        try await fleet.node.bootstrap(with: [fleet.member])
      } catch {
        throw Failure(.failed, "the cluster could not be founded: \(error)")
      }
    case .joins(let address): try await Self.join(fleet, at: address)
    }
  }

  /// Sees that the folder belongs to the fleet that the server is sent to.
  private static func checkFleet(
    _ fleet: FleetNode, _ options: ServeOptions
  ) async throws(Failure) {
    let own = fleet.identity.fleet
    guard case .joins(let address) = options.entrance, !own.isEmpty,
      let response = try? await fleet.http.send(
        HTTPRequest(.get, "/configuration"), to: address, within: .seconds(5)),
      let document = try? JSONDocument(response.body),
      let name = try? document.root["name"].string(), !name.isEmpty, name != own
    else { return }
    throw Failure(
      .unusable,
      "the folder \(options.data) belongs to the fleet '\(own)', and \(address) to '\(name)': "
        + "correct --data or --join")
  }

  private static func join(_ fleet: FleetNode, at address: SocketAddress) async throws(Failure) {
    let body: JSON = [
      "id": .number(JSONNumber(fleet.id.rawValue)), "raft_addr": .string(fleet.member.address),
      "api_addr": .string(fleet.member.metadata[NodeInfo.apiKey] ?? ""),
    ]
    let deadline = SteadyClock.now + Self.joinTimeout
    var last = "no answer"
    while SteadyClock.now < deadline, !Task.isCancelled {
      do {
        let response = try await fleet.http.send(
          HTTPRequest(.post, "/join", body: body.bytes(), repetition: .harmful), to: address,
          within: Self.joinTimeout)
        if response.status == .ok { return }
        last = response.text
      } catch {
        last = "\(error)"
      }
      try? await ContinuousClock().sleep(for: .milliseconds(200))
    }
    if Task.isCancelled { return }
    throw Failure(.failed, "\(address) does not take this server in: \(last)")
  }
}
