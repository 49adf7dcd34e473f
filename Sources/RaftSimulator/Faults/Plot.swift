import RaftEngine

/// A trouble in several acts: what a network, a disk and operators do at any time, in the order
/// that hurts most.
enum Plot {
  case respite(Respite)
  case returning(ReturningMember)
  case diverging(DivergingTail)
  case deaf(DeafLeader)
  case handingOn(HandingOn)

  /// A cluster without troubles comes together, and then one of the others has the stage for itself.
  struct Respite {
    enum Act {
      case gathering
      case prologue
    }

    var act = Act.gathering
  }

  /// A peer's answers are on their way while it is removed, perhaps gets an empty disk, and is
  /// added again; then they arrive.
  struct ReturningMember {
    enum Act {
      case removal
      case addition
      case arrival
    }

    let leader: LeaderID
    let peer: NodeID
    let losesDisk: Bool
    let deadline: Int64
    var act = Act.removal
  }

  /// A node writes what reaches no other, is cut off, and comes back to a leader that has gone on;
  /// that leader's entries arrive haltingly, its heartbeats at once.
  struct DivergingTail {
    enum Act {
      case parting
      case reunion
      case halting(turns: Int)
    }

    let leader: LeaderID
    let node: NodeID
    let deadline: Int64
    var act = Act.parting
  }

  /// A leader stands still while the answers to its last messages are on their way and another
  /// one is elected; a client asks it, then the answers arrive, then it goes on.
  struct DeafLeader {
    enum Act {
      case stop
      case question
    }

    let leader: LeaderID
    var act = Act.stop
  }

  /// A leader hands over and its successor hands on at once, as when servers are restarted one
  /// after the other; one voter hears nothing from the one between.
  struct HandingOn {
    enum Act {
      case election
      case arrival
    }

    let leader: LeaderID
    let successor: NodeID
    let next: NodeID
    let voter: NodeID
    let deadline: Int64
    var act = Act.election
  }
}
