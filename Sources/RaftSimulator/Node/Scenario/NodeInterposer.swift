public import Raft

/// Puts something of the caller's own between the nodes of a simulated run and what they stand on.
///
/// To see whether the simulation would notice a store or a transport with a bug.
public protocol NodeInterposer: Sendable {
  /// The log store that a node uses in the place of this one.
  func logStore(_ base: any LogStore, of id: NodeID) -> any LogStore

  /// The transport that a node uses in the place of this one.
  func transport(_ base: any Transport, of id: NodeID) -> any Transport
}

extension NodeInterposer {
  /// The same.
  public func logStore(_ base: any LogStore, of id: NodeID) -> any LogStore { base }

  /// The same.
  public func transport(_ base: any Transport, of id: NodeID) -> any Transport { base }
}
