import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftJSON
import SensorFleetModel

/// A fleet of processes of this program; whatever happens, they end with it.
final class FleetRig: Sendable {
  /// How long any step may take.
  static let stepTimeout: Duration = .seconds(45)
  private static let pause: Duration = .milliseconds(40)

  let client: FleetClient
  let http: HTTPClient
  let timeline: Timeline
  private let program: String
  private let folder: String
  private let arguments: [String]
  private let servers = Guarded<[FleetProcess]>([])

  init(
    program: String, folder: String, arguments: [String], http: HTTPClient, timeline: Timeline
  ) {
    self.arguments = arguments
    self.program = program
    self.folder = folder
    self.http = http
    self.timeline = timeline
    self.client = FleetClient([.loopback(port: 1)], http: http, patience: .seconds(40))
  }

  /// All servers that were started, in that order.
  var all: [FleetProcess] { self.servers.withLock { $0 } }

  /// Those that run.
  var running: [FleetProcess] { self.all.filter { !$0.isEnded } }

  /// The server with this number.
  func server(_ id: ServerID) -> FleetProcess? { self.all.first { $0.id == id } }

  // MARK: Servers

  /// Starts a server; the first one founds the cluster, the others join it.
  @discardableResult
  func start(_ number: UInt64) async throws(Failure) -> FleetProcess {
    let server = try await FleetProcess.start(
      ServerID(number), joining: self.running.first?.api, self.arguments,
      program: self.program, folder: self.folder)
    self.servers.withLock { $0.append(server) }
    self.refreshClient()
    return server
  }

  /// Has the client ask those that run.
  func refreshClient() {
    self.client.use(self.running.map(\.api).shuffled())
  }

  /// Starts so many servers and makes the shards.
  func form(servers count: Int, shards: Int, replicas: Int, inMotion: Int) async throws(Failure) {
    for number in 1...UInt64(count) {
      try await self.start(number)
      try await self.wait(for: "server \(number) to be in service") {
        await self.configuration()?.server(ServerID(number))?.state == .inService
      }
    }
    do throws(ClientError) {
      try await self.client.ask(
        .post, "/found",
        FoundVerb.request(shards: shards, replicas: replicas, inMotion: inMotion)
      ).checkForRefusal()
    } catch {
      throw Failure(.failed, "the shards could not be made: \(error)")
    }
    for server in self.running {
      try await self.wait(for: "server \(server.id) to know the shards") {
        await self.client.configuration(of: server.api)?.shards.count == shards
      }
    }
  }

  /// Ends all processes at once.
  func killAll() async {
    await withTaskGroup { group in
      for server in self.all { group.addTask { await server.kill() } }
    }
  }

  /// Asks all processes to end.
  func stopAll() async throws(Failure) {
    for server in self.running { try await server.stop() }
  }

  /// What the servers wrote last.
  var lastWords: String { self.all.map(\.lastWords).joined() }

  // MARK: Looking

  /// The newest configuration that a server knows.
  func configuration() async -> FleetConfiguration? {
    var newest: FleetConfiguration?
    for server in self.running {
      guard let found = await self.client.configuration(of: server.api) else { continue }
      if found.changeCount >= newest?.changeCount ?? 0 { newest = found }
    }
    return newest
  }

  /// A server's own report.
  func status(of server: FleetProcess) async -> JSONNode? {
    guard
      let response = try? await self.http.send(
        HTTPRequest(.get, "/status"), to: server.api, within: .seconds(3))
    else { return nil }
    return try? JSONDocument(response.body).root
  }

  /// The server that leads the log.
  func leader() async throws(Failure) -> FleetProcess {
    let found = Guarded<FleetProcess?>(nil)
    try await self.wait(for: "a leader of the log") {
      for server in self.running {
        guard let status = await self.status(of: server),
          (try? status["raft"]["state"].string()) == "leader"
        else { continue }
        found.withLock { $0 = server }
        return true
      }
      return false
    }
    guard let server = found.withLock({ $0 }) else {
      preconditionFailure("a leader was found and is gone")
    }
    return server
  }

  /// Waits until every shard has all its replicas, and none moves.
  func settle(
    _ what: String, _ more: @escaping @Sendable (FleetConfiguration) -> Bool = { _ in true }
  )
    async throws(Failure)
  {
    try await self.wait(for: what) {
      guard let fleet = await self.configuration() else { return false }
      self.timeline.show(Self.motion(of: fleet))
      let wanted = min(
        fleet.parameters.replicas, fleet.servers.count { $0.state == .inService })
      return more(fleet)
        && fleet.shards.allSatisfy {
          $0.primary != nil && $0.filling.isEmpty && $0.inSync.count == wanted
        }
    }
  }

  /// Which shards move where.
  static func motion(of fleet: FleetConfiguration) -> String {
    let moves = fleet.shards.flatMap { shard in
      shard.filling.map { "\(shard.shard) to \($0.server)" }
    }
    let orphans = fleet.shards.count { $0.primary == nil }
    let states = fleet.servers.map { server in
      "\(server.id):\(fleet.shards.count { $0.inSync.contains(server.id) })"
        + (server.state == .inService ? "" : " \(server.state.rawValue)")
    }
    return "shards in sync \(states.joined(separator: ", ")); moving: "
      + (moves.isEmpty ? "none" : moves.joined(separator: ", "))
      + (orphans > 0 ? "; \(counted(orphans, "shard")) without a primary" : "")
  }

  /// Looks again and again, as other processes cannot call back.
  func wait(for what: String, _ condition: () async -> Bool) async throws(Failure) {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: Self.stepTimeout)
    while !(await condition()) {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      if let failure = self.all.compactMap(\.failure).first { throw Failure(.failed, failure) }
      guard clock.now < deadline else { throw Failure(.failed, "waited in vain for \(what)") }
      try? await clock.sleep(for: Self.pause)
    }
  }
}
