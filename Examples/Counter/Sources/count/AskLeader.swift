import Raft

/// Asks whoever leads, beginning with any server, until one answers or the time is over.
///
/// After an unknown outcome it does not ask again: the command may have taken effect.
func askLeader<Answer>(
  of servers: [NodeID], within limit: Duration,
  _ ask: (NodeID) async throws(WriteError) -> Answer
) async throws(WriteError) -> Answer {
  let deadline = ContinuousClock.now + limit
  var place = 0
  var target = servers[place]
  while true {
    do {
      return try await ask(target)
    } catch {
      switch error {
      case .outcomeUnknown, .tooLarge: throw error
      case .notLeader(let hint?) where hint.id != target: target = hint.id
      case .transferring(to: let hint): target = hint.id
      case .noQuorum, .overloaded: break  // the same server, a little later
      default:
        place = (place + 1) % servers.count
        target = servers[place]
      }
      guard ContinuousClock.now < deadline, !Task.isCancelled else { throw error }
    }
    try? await Task.sleep(for: .milliseconds(50))
  }
}
