import Raft
import RaftCommandLine
import RaftHTTPTransport
import RaftJSON

/// Changes of the membership while all the rest goes on.
extension Storm {
  private static let votersMin = 3
  private static let membersMax = 6
  /// How long one change is asked for.
  private static let patience: Duration = .seconds(8)

  func change(_ kind: FaultKind, _ chance: inout SeededGenerator) async throws(Failure) {
    guard let membership = await self.membership() else { return }
    let learners = membership.members.map(\.id).filter { !membership.isVoter($0) }
    let hasRoom = membership.members.count < Self.membersMax
    switch kind {
    case .learnerAdded where hasRoom:
      let server = try await self.cluster.add()
      await self.attempt(kind, server, "/add-learner", Self.description(of: server))
    case .learnerPromoted:
      guard let id = learners.randomElement(using: &chance), let server = self.cluster.server(id)
      else { return }
      await self.attempt(kind, server, "/join", Self.description(of: server))
    case .memberRemoved where membership.voters.count > Self.votersMin:
      guard let victim = await self.victim(of: membership, &chance) else { return }
      defer { self.cluster.release([victim]) }
      await self.remove(victim, kind)
    case .memberReplaced where hasRoom:
      guard let victim = await self.victim(of: membership, &chance) else { return }
      defer { self.cluster.release([victim]) }
      let server = try await self.cluster.add()
      guard
        await self.cluster.client.administer(
          "/join", Self.description(of: server), within: Self.patience)
      else { return self.tell("server \(server.id) is not let in for \(victim.id)") }
      await self.remove(victim, kind)
    case .leaderTransferred:
      guard let id = membership.voters.randomElement(using: &chance) else { return }
      let number = JSON.number(JSONNumber(id.rawValue))
      if await self.cluster.client.administer(
        "/transfer-leader", ["to": number], within: .seconds(2))
      {
        self.note(kind, "to server \(id)")
      }
    default:
      return
    }
  }

  /// A voter that can be taken out: one that is rebuilt would ask to be let in again.
  private func victim(
    of membership: Membership, _ chance: inout SeededGenerator
  ) async -> ChaosServer? {
    await self.cluster.claim(&chance) { membership.isVoter($0.id) && $0.flips.isEmpty }
  }

  private func attempt(
    _ kind: FaultKind, _ server: ChaosServer, _ path: String, _ body: JSON
  ) async {
    if await self.cluster.client.administer(path, body, within: Self.patience) {
      self.note(kind, "server \(server.id)")
    } else {
      self.tell("server \(server.id) waits in vain: \(kind.rawValue)")
    }
  }

  private func remove(_ server: ChaosServer, _ kind: FaultKind) async {
    let body: JSON = ["node_id": .number(JSONNumber(server.id.rawValue))]
    guard await self.cluster.client.administer("/leave", body, within: Self.patience) else {
      return self.tell("server \(server.id) stays: \(kind.rawValue)")
    }
    await server.retire()
    self.cluster.client.know(self.cluster.servers.map(\.place.api))
    self.note(kind, "server \(server.id)")
  }

  private func membership() async -> Membership? {
    guard let leader = await self.cluster.leader() else { return nil }
    return await self.cluster.client.metrics(of: leader.place.api)?
      .committedMembership.membership
  }

  private static func description(of server: ChaosServer) -> JSON {
    [
      "node_id": .number(JSONNumber(server.id.rawValue)),
      "api_addr": .string("\(server.place.api)"), "raft_addr": .string("\(server.place.raft)"),
    ]
  }
}
