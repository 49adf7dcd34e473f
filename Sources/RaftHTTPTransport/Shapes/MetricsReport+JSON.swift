internal import Raft
public import RaftJSON

extension MetricsReport: JSONShape {
  /// Writes the report.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("running_state") { writer in
        if let failure = self.failure {
          writer.variant("Err", failure)
        } else {
          writer.variant("Ok", JSON.null)
        }
      }
      writer.member("id", self.id)
      if self.role != .replica { writer.member("role", self.role) }
      writer.member("current_term", self.vote.term.rawValue)
      writer.member("vote", self.vote)
      writer.member("last_log_index", self.lastLogIndex?.rawValue)
      writer.member("local_committed", self.committed)
      writer.member("cluster_committed", self.committed)
      writer.member("committed", self.committed)
      writer.member("last_applied", self.applied)
      writer.member("snapshot", self.snapshot)
      writer.member("purged", self.purged)
      writer.member("state", String(describing: self.state))
      writer.member("current_leader", self.leader)
      writer.member("millis_since_quorum_ack", self.millisecondsSinceQuorumAcknowledged)
      writer.member("last_quorum_acked", self.quorumAcknowledgedAt?.nanoseconds)
      writer.member("membership_config", self.effectiveMembership)
      writer.member("committed_membership_config", self.committedMembership)
      self.writePeers("heartbeat", to: &writer) { $0.acknowledgedAt?.nanoseconds }
      self.writePeers("replication", to: &writer) { $0.matched }
      self.writeTroubles(to: &writer)
      if let cluster = self.cluster { writer.member("cluster", cluster) }
      writer.member("has_quorum_contact", self.hasQuorumContact)
      if let entry = self.removedAt { writer.member("removed_at", entry) }
      if let target = self.transferTarget { writer.member("transfer_target", target) }
      self.writeDivergences(to: &writer)
      if let trouble = self.storageTrouble { writer.member("storage_trouble", trouble) }
      let replaced = (self.peers ?? []).filter { $0.replacedBy != nil }
      guard !replaced.isEmpty else { return }
      writer.member("replaced") { writer in
        writer.object { writer in
          for peer in replaced { writer.member(String(peer.id.rawValue), peer.replacedBy) }
        }
      }
    }
  }

  private func writePeers(
    _ name: String, to writer: inout JSONWriter, _ value: (Peer) -> (some JSONWritable)?
  ) {
    writer.member(name) { writer in
      guard let peers = self.peers else {
        writer.null()
        return
      }
      writer.object { writer in
        for peer in peers { writer.member(String(peer.id.rawValue), value(peer)) }
      }
    }
  }

  private func writeTroubles(to writer: inout JSONWriter) {
    let troubles = (self.peers ?? []).compactMap { peer in
      peer.trouble.map { (id: peer.id, text: $0) }
    }
    guard !troubles.isEmpty else { return }
    writer.member("replication_troubles") { writer in
      writer.object { writer in
        for trouble in troubles { writer.member(String(trouble.id.rawValue), trouble.text) }
      }
    }
  }

  /// Reads a report.
  public init(json: JSONNode) throws(JSONError) {
    let running = try JSONVariant(json["running_state"])
    self.failure = running.name == "Ok" ? nil : try NodeFailure(json: try running.required())
    self.id = try json.member("id", as: NodeID.self)
    self.role = try json.optional("role", as: Member.Role.self) ?? .replica
    self.vote = try json.member("vote", as: Vote.self)
    self.lastLogIndex = try json.optional("last_log_index").map { node throws(JSONError) in
      LogIndex(try node.ordinal())
    }
    self.committed = try json.optional("committed", as: LogID.self)
    self.applied = try json.optional("last_applied", as: LogID.self)
    self.snapshot = try json.optional("snapshot", as: LogID.self)
    self.purged = try json.optional("purged", as: LogID.self)
    self.state = try Self.states.value(of: json["state"])
    self.leader = try json.optional("current_leader", as: NodeID.self)
    self.millisecondsSinceQuorumAcknowledged = try json.optional(
      "millis_since_quorum_ack", as: UInt64.self)
    self.quorumAcknowledgedAt = try json.optional("last_quorum_acked", as: UInt64.self)
      .map(Timestamp.init(nanoseconds:))
    self.effectiveMembership = try json.member("membership_config", as: LoggedMembership.self)
    self.committedMembership = try json.member(
      "committed_membership_config", as: LoggedMembership.self)
    self.peers = try Self.peers(
      heartbeats: json.optional("heartbeat"), replication: json.optional("replication"),
      troubles: json.optional("replication_troubles"), replaced: json.optional("replaced"))
    self.removedAt = try json.optional("removed_at", as: LogID.self)
    self.transferTarget = try json.optional("transfer_target", as: NodeID.self)
    self.divergences = try Self.divergences(json.optional("state_divergences"))
    self.storageTrouble = try json.optional("storage_trouble")?.string()
    self.cluster = try json.optional("cluster", as: ClusterID.self)
    self.hasQuorumContact = try json.optional("has_quorum_contact")?.bool() ?? false
  }

  /// Joins the tables by id.
  private static func peers(
    heartbeats: JSONNode?, replication: JSONNode?, troubles: JSONNode?, replaced: JSONNode?
  ) throws(JSONError) -> [Peer]? {
    guard heartbeats != nil || replication != nil else { return nil }
    var peers: [NodeID: Peer] = [:]
    if let heartbeats {
      for (name, value) in try heartbeats.members() {
        let id = try NodeID(name: name, of: heartbeats)
        let time = try UInt64?(json: value).map(Timestamp.init(nanoseconds:))
        peers[id] = Peer(id: id, matched: nil, acknowledgedAt: time)
      }
    }
    if let replication {
      for (name, value) in try replication.members() {
        let id = try NodeID(name: name, of: replication)
        let matched = try LogID?(json: value)
        peers[id, default: Peer(id: id, matched: nil, acknowledgedAt: nil)].matched = matched
      }
    }
    if let troubles {
      for (name, value) in try troubles.members() {
        let id = try NodeID(name: name, of: troubles)
        peers[id]?.trouble = try value.string()
      }
    }
    if let replaced {
      for (name, value) in try replaced.members() {
        let id = try NodeID(name: name, of: replaced)
        let life = try Incarnation(json: value)
        peers[id, default: Peer(id: id, matched: nil, acknowledgedAt: nil)].replacedBy = life
      }
    }
    return peers.values.sorted { $0.id < $1.id }
  }

  private static let states = JSONWords<ServerState>(words: [
    "Learner": .learner, "Follower": .follower, "Candidate": .candidate, "Leader": .leader,
    "Shutdown": .shutdown,
  ])
}
