import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import SensorFleetModel

/// What a server does all the time.
extension FleetNode {
  private static let linkTimeout: Duration = .seconds(2)
  private static let wishInterval: Duration = .milliseconds(60)

  /// Does all of it until the task is cancelled.
  func serve(log: @escaping @Sendable (String) -> Void) async {
    await withTaskGroup { group in
      group.addTask { await self.lookAfterFleet() }
      group.addTask { await self.keepOwning(log) }
      group.addTask { await self.keepWishing() }
      group.addTask { await self.sendToPeers() }
    }
  }

  // MARK: Ownership

  /// Makes itself known, and asks again and again to own what the log says.
  private func keepOwning(_ log: @Sendable (String) -> Void) async {
    var told = ""
    while !Task.isCancelled {
      do throws(LeaderError) {
        try await self.makeKnown(log)
        try await self.renewOwnership()
        self.noteFleet()
        told = ""
      } catch {
        if !Task.isCancelled, told != error.description { log(error.description) }
        told = error.description
      }
      try? await ContinuousClock().sleep(for: Self.renewalInterval)
    }
  }

  /// Sees that the log knows this process.
  private func makeKnown(_ log: @Sendable (String) -> Void) async throws(LeaderError) {
    let (configuration, starts) = self.host.state.withLock { ($0.configuration, $0.starts) }
    let known = configuration.server(self.id)
    if known == nil, starts != nil { throw LeaderError("this server has left the fleet") }
    if let known, known.starts == starts, known.isServing { return }
    if known?.address != self.apiAddress || known?.zone != self.zone || starts == nil {
      let receipt = try await self.propose(
        .register(
          self.id, zone: self.zone, address: self.apiAddress, store: self.identity.store))
      if let refusal = receipt.refusal { throw LeaderError("not taken in: \(refusal)") }
    }
    let receipt = try await self.propose(.started(self.id, store: self.identity.store))
    if let refusal = receipt.refusal { throw LeaderError("not taken in: \(refusal)") }
    guard let starts = receipt.starts else { throw LeaderError("the leader's answer lacks starts") }
    self.host.started(starts)
    log(starts == 1 ? "in service" : "in service again (start \(starts))")
  }

  /// Keeps in the folder which fleet it belongs to, once that is known.
  private func noteFleet() {
    let name = self.host.configuration.name
    guard !name.isEmpty, self.isFleetNoted.withLock({ !$0 }) else { return }
    var identity = self.identity
    identity.fleet = name
    // A folder that takes nothing any more is told by the store.
    guard identity == self.identity || (try? identity.write(to: self.data)) != nil else { return }
    self.isFleetNoted.withLock { $0 = true }
  }

  private var apiAddress: String { self.member.metadata["api"] ?? "" }

  // MARK: Wishes

  private func keepWishing() async {
    while !Task.isCancelled {
      for wish in self.host.wishes() {
        // Whatever comes of it stands in the log; what is still wanted is wished again.
        _ = try? await self.propose(wish)
      }
      self.host.endWaiting(olderThan: FleetHost.ingestTimeout)
      self.host.ringAll()
      try? await ContinuousClock().sleep(for: Self.wishInterval)
    }
  }

  // MARK: Records to the other replicas

  private func sendToPeers() async {
    await withDiscardingTaskGroup { group in
      for await peer in self.host.peers {
        group.addTask { await self.send(to: peer) }
      }
    }
  }

  /// Sends one server what it lacks, one message at a time.
  private func send(to peer: ServerID) async {
    for await _ in self.host.bell(for: peer) {
      while !Task.isCancelled, let address = self.address(of: peer),
        let message = await self.host.message(for: peer)
      {
        guard await self.send(message, to: peer, at: address) else { break }
      }
    }
  }

  private func send(
    _ message: ReplicationMessage, to peer: ServerID, at address: SocketAddress
  ) async -> Bool {
    let request = HTTPRequest(.post, "/replicate", body: message.bytes)
    guard
      let response = try? await self.http.send(request, to: address, within: Self.linkTimeout),
      response.status == .ok, let answer = try? ReplicationAnswer(response.body)
    else { return false }
    return self.host.take(answer, to: message, from: peer)
  }
}
