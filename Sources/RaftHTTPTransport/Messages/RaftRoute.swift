/// What one server asks of another, by its path on the raft port.
enum RaftRoute: String, CaseIterable {
  case append = "/append"
  case vote = "/vote"
  case snapshot = "/snapshot"
  case transferLeader = "/transfer-leader"
}
