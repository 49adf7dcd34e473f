/// Why a node's data cannot be gone on with; nothing was changed unless the store itself failed.
@nonexhaustive
public enum UnsafeRecoveryError: Error, Hashable, Sendable {
  /// The stores hold no membership: the node never belonged to a cluster.
  case noMembership(NodeID)
  /// By the membership in its log the node is no member.
  case notMember(NodeID, Membership)
  /// The node is a witness and holds no data.
  case witness(NodeID)
  /// The membership means another life of this node's data.
  case replaced(NodeID)
  /// The node is the only voter already: it needs nobody else.
  case notNeeded(NodeID)
  /// The cluster's generation cannot be raised any more.
  case tooOften(ClusterID)
  /// The acknowledgement names another end of the log than this.
  case notAcknowledged(last: LogID?)
  /// No reason was given, or one that is too long.
  case noReason
  /// The stores cannot be read, contradict themselves, or failed in the middle.
  case storage(StorageError)
}

extension UnsafeRecoveryError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noMembership(let id):
      "node \(id) never belonged to a cluster: there is nothing to recover; found a new one instead"
    case .notMember(let id, let membership):
      """
      node \(id) is no member by its own log, which says \(membership): recover a server that is \
      one
      """
    case .witness(let id):
      "node \(id) is a witness and holds no data: recover a replica"
    case .replaced(let id):
      """
      the membership means another life of node \(id)'s data than this: recover a server whose data \
      counted
      """
    case .notNeeded(let id):
      "node \(id) is the only voter already: start it, it needs nobody else"
    case .tooOften(let cluster):
      "cluster \(cluster) cannot be recovered any more: found a new one and write the state into it"
    case .notAcknowledged(let last):
      """
      the log ends at \(last.map(String.init(describing:)) ?? "nothing"), which is not what was \
      acknowledged: look again at what may be lost
      """
    case .noReason:
      """
      a reason of 1 to \(UnsafeRecovery.Record.reasonBytesMax) bytes is needed: say who decided on \
      the recovery and why
      """
    case .storage(let error):
      "the stores cannot be used: \(error)"
    }
  }
}
