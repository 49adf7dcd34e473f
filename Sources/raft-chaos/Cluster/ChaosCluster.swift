import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// The servers of a round; whatever happens, their processes end with it.
final class ChaosCluster: Sendable {
  private struct State {
    var servers: [ChaosServer] = []
    var claimed: Set<NodeID> = []
    var nextID: UInt64 = 1
  }

  /// How long any step of setting up and recovering may take.
  static let stepTimeout: Duration = .seconds(60)
  private static let pause: Duration = .milliseconds(50)

  let network: any Network
  let client: ServerClient
  private let folder: String
  private let launch: ChaosServer.Launch
  private let state = Guarded(State())

  init(
    in network: any Network, client: ServerClient, folder: String, _ launch: ChaosServer.Launch
  ) {
    self.network = network
    self.client = client
    self.folder = folder
    self.launch = launch
  }

  /// All servers that were not retired.
  var servers: [ChaosServer] { self.state.withLock { $0.servers }.filter { !$0.isRetired } }

  /// All servers that there ever were.
  var everyone: [ChaosServer] { self.state.withLock { $0.servers } }

  /// The server with this number, if it is not retired.
  func server(_ id: NodeID) -> ChaosServer? { self.servers.first { $0.id == id } }

  // MARK: Setting up

  /// Makes a server and starts it; it belongs to no cluster yet.
  func add() async throws(Failure) -> ChaosServer {
    let id = NodeID(
      self.state.withLock { state in
        defer { state.nextID += 1 }
        return state.nextID
      })
    let place = try await self.network.add(Int(id.rawValue))
    let server = try ChaosServer(
      id, at: place, in: self.network, folder: "\(self.folder)/server-\(id)", self.launch)
    self.state.withLock { $0.servers.append(server) }
    for other in self.servers where other.isRunning {
      other.control.redirect(self.network.redirections(of: other.number))
    }
    try await self.start(server)
    self.client.know(self.servers.map(\.place.api))
    return server
  }

  /// Founds a cluster of so many voters.
  func found(_ count: Int) async throws(Failure) {
    for _ in 0..<count { _ = try await self.add() }
    let members = self.servers.map { server in
      Member(
        id: server.id, address: "\(server.place.raft)",
        metadata: [NodeInfo.apiKey: "\(server.place.api)"])
    }
    var writer = JSONWriter()
    writer.array(members) { writer, member in writer.write(NumberedMember(member)) }
    try await self.client.found(writer.finish(), at: self.servers[0].place.api)
    try await self.wait(for: "a leader of the new cluster") { await self.leader() != nil }
  }

  /// Starts a server again; the others can let it in if its data is damaged.
  func start(_ server: ChaosServer) async throws(Failure) {
    try await server.start(
      others: self.servers.filter { $0.id != server.id }.map(\.place.api))
  }

  // MARK: Who may be disturbed

  /// Takes a server of these for one who disturbs it, so that nobody else does; the leader in half
  /// of the cases.
  func claim<Chance: RandomNumberGenerator>(
    _ chance: inout Chance, where isWanted: (ChaosServer) -> Bool = { _ in true }
  ) async -> ChaosServer? {
    let wantsLeader = Bool.random(using: &chance)
    let order = self.servers.filter(isWanted).shuffled(using: &chance)
    let leader = wantsLeader ? await self.leader()?.id : nil
    return self.state.withLock { state in
      let free = order.filter { !state.claimed.contains($0.id) }
      guard let server = free.first(where: { $0.id == leader }) ?? free.first else { return nil }
      state.claimed.insert(server.id)
      return server
    }
  }

  /// Takes all servers that are free.
  func claimAll() -> [ChaosServer] {
    let servers = self.servers
    return self.state.withLock { state in
      let free = servers.filter { !state.claimed.contains($0.id) }
      state.claimed.formUnion(free.map(\.id))
      return free
    }
  }

  /// Gives servers back.
  func release(_ servers: [ChaosServer]) {
    self.state.withLock { $0.claimed.subtract(servers.map(\.id)) }
  }

  // MARK: Looking

  /// The server that takes itself for the leader with a quorum, in the newest term.
  func leader() async -> ChaosServer? {
    var best: (term: Term, server: ChaosServer)?
    for server in self.servers where server.isRunning {
      guard let report = await self.client.metrics(of: server.place.api),
        report.state == .leader, report.vote.leader.term >= best?.term ?? Term(0)
      else { continue }
      best = (report.vote.leader.term, server)
    }
    return best?.server
  }

  /// Looks again and again, as other processes cannot call back.
  ///
  /// - Throws: ``Failure`` if the time is over.
  func wait(
    for what: String, within limit: Duration = ChaosCluster.stepTimeout,
    _ condition: () async -> Bool
  ) async throws(Failure) {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    while !(await condition()) {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      guard clock.now < deadline else {
        throw Failure(.failed, "waited \(limit.forPeople) in vain for \(what)")
      }
      try? await clock.sleep(for: Self.pause)
    }
  }

  /// Ends all processes at once.
  func killAll() async {
    await withTaskGroup { group in
      for server in self.everyone { group.addTask { await server.kill() } }
    }
  }
}
