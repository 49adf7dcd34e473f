import Raft
import RaftCommandLine
import RaftJSON

/// The verb that makes another server the leader.
struct TransferVerb {
  let client: KVClient
  let format: ClientOptions.Format

  /// Has the leader hand over to this server, or to whoever suits best.
  func transfer(to target: NodeID?) async throws(ClientError) -> Report {
    let leader = try await self.client.transferLeadership(to: target)
    switch self.format {
    case .text:
      return Report(output: "server \(leader) leads\n")
    case .json:
      let object: JSONObject = ["leader": .number(JSONNumber(leader.rawValue))]
      return Report(output: JSON.object(object).text() + "\n")
    }
  }
}
