/// Why a node does not run any more.
@nonexhaustive
public enum NodeFailure: Error, Hashable, Sendable {
  /// It was asked to stop.
  case shutdown
  /// Its log store failed, or its snapshot store did when the node started or took over a snapshot;
  /// a snapshot that could not be built stops nobody.
  ///
  /// ``StorageError/kind`` decides what to do. After ``StorageError/Kind/full`` and
  /// ``StorageError/Kind/io``: see to the disk, and start the node again. After
  /// ``StorageError/Kind/corrupted``: keep the data as evidence, and bring the server back empty
  /// (``RaftNode/addVoter(_:within:)``). What a majority acknowledged is on the others.
  case storage(StorageError)
  /// Its state machine threw while it recovered, decoded, applied or restored; a restart tries again.
  case stateMachine(String)
  /// It saw what no rule allows.
  case protocolViolated(StopReason)
}

extension NodeFailure: CustomStringConvertible {
  /// What happened, and what to do.
  public var description: String {
    switch self {
    case .shutdown:
      "the node was asked to stop"
    case .storage(let error):
      "the node's store failed: \(error)"
    case .stateMachine(let reason):
      "the state machine failed: \(reason)"
    case .protocolViolated(.diverged(let logID)):
      """
      a leader contradicts entry \(logID), which is committed here: some node lost data that it \
      had acknowledged; compare the logs of the members before restarting any
      """
    case .protocolViolated(.otherRole(than: .witness)):
      """
      the node runs as a witness, and the membership says that it is a replica: start it as a \
      replica, on empty stores, or remove it and add it anew as a witness
      """
    case .protocolViolated(.otherRole(than: .replica)):
      """
      the node runs as a replica, and the membership says that it is a witness: start it as a \
      witness, on empty stores, or remove it and add it anew as a replica
      """
    }
  }
}
