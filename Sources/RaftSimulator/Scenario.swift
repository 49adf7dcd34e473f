/// Everything that decides how a run goes: the same scenario, the same run, in any process.
public struct Scenario: Hashable, Sendable {
  /// What lives in the simulated world.
  public enum Subject: String, Hashable, Sendable, CaseIterable {
    /// The protocol alone; a step is one input that is given to one engine.
    case engines
    /// Whole nodes with their runtime; a step is one piece of work on their one thread.
    case nodes
  }

  /// What a run can be made of in part: each has a number, from 1 on in the order in which they
  /// come, and what it draws depends on the seed and that number alone.
  public enum Piece: String, Hashable, Sendable, CaseIterable {
    /// A trouble.
    case fault = "faults"
    /// A trouble that waits for a certain moment of the protocol.
    case ambush = "ambushes"
    /// One turn of a client, in which it may ask for something.
    case request = "calls"
  }

  /// Where all chance comes from.
  public var seed: UInt64
  /// What lives in the simulated world.
  public var subject: Subject
  /// Which troubles come, and how often.
  public var profile: Profile
  /// How many steps there are before the troubles end.
  public var steps: Int
  /// How many nodes there are, from 1 to 9; `nil` lets the seed decide.
  public var nodeCount: Int?
  /// Which faults come.
  public var faults = Selection.all
  /// Which ambushes do.
  public var ambushes = Selection.all
  /// Which requests clients make before the troubles end.
  public var requests = Selection.all

  /// A run of this seed.
  public init(
    seed: UInt64, of subject: Subject = .engines, profile: Profile = .chaos,
    steps: Int = 100_000, nodeCount: Int? = nil
  ) {
    self.seed = seed
    self.subject = subject
    self.profile = profile
    self.steps = steps
    self.nodeCount = nodeCount
  }

  /// Which pieces of a kind take place.
  public subscript(kind: Piece) -> Selection {
    get {
      switch kind {
      case .fault: self.faults
      case .ambush: self.ambushes
      case .request: self.requests
      }
    }
    set {
      switch kind {
      case .fault: self.faults = newValue
      case .ambush: self.ambushes = newValue
      case .request: self.requests = newValue
      }
    }
  }

  /// The words that name this scenario to `raft-sim replay`.
  public var arguments: String {
    "\(self.seed)" + (self.subject == .nodes ? " --node" : "")
      + " --profile \(self.profile.name) --steps \(self.steps)"
      + (self.nodeCount.map { " --nodes \($0)" } ?? "")
      + Piece.allCases.map { self[$0].arguments($0.rawValue) }.joined()
  }
}

/// How many faults, ambushes and requests of clients a run came to before its troubles ended,
/// those included that its scenario leaves out.
public struct PieceCounts: Hashable, Sendable {
  private var faults = 0
  private var ambushes = 0
  private var requests = 0

  init() {}

  /// How many there were of a kind.
  public internal(set) subscript(kind: Scenario.Piece) -> Int {
    get {
      switch kind {
      case .fault: self.faults
      case .ambush: self.ambushes
      case .request: self.requests
      }
    }
    set {
      switch kind {
      case .fault: self.faults = newValue
      case .ambush: self.ambushes = newValue
      case .request: self.requests = newValue
      }
    }
  }
}
