/// A trouble that comes over the cluster.
enum Fault: Hashable, Sendable {
  // Of the network.
  case split
  case splitOneWay
  case isolate
  case bridge
  case cutOneLink
  case heal
  case hold
  case slowLinks
  case unleash
  case weather
  // Of nodes.
  case crash
  case crashLeader
  case crashAll
  case crashDuringChange
  case wipe
  case pause
  case pauseLeader
  case stallDisk
  case stallLeaderDisk
  case drift
  // Of operators.
  case election
  case snapshot
  case transfer
  case membership
  case rebuild
  // In several acts, each an ordinary trouble, in an unlucky order.
  case returningMember
  case divergingTail
  case deafLeader
  /// All troubles end for a while; then one of the former has the stage for itself.
  case respite
}
