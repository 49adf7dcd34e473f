import Raft

/// The network of a simulated run: what happens to each message on its way, as the seed decides.
final class NodeNetwork: @unchecked Sendable {
  /// What is wrong with the way from one node to another.
  struct Way {
    var isCut = false
    /// How many of a thousand messages are lost.
    var lossPerMille = 0
    /// How many of a thousand messages arrive twice.
    var duplicatesPerMille = 0
    /// How long a message takes, in nanoseconds.
    var delay: ClosedRange<Int64>
  }

  let world: NodeWorld
  /// What a transcript does to messages.
  var rules = MessageRules<() -> Void>()
  private var ways: [[Way]]
  private var stations: [NodeStation] = []

  init(world: NodeWorld, nodeCount: Int) {
    self.world = world
    let way = Way(delay: world.profile.networkDelay)
    self.ways = Array(repeating: Array(repeating: way, count: nodeCount + 1), count: nodeCount + 1)
  }

  /// Lets nodes be reached wherever they live.
  func connect(_ stations: [NodeStation]) {
    self.stations = stations
  }

  subscript(from: NodeID, to: NodeID) -> Way {
    get { self.ways[Int(from.rawValue)][Int(to.rawValue)] }
    set { self.ways[Int(from.rawValue)][Int(to.rawValue)] = newValue }
  }

  /// Changes the ways in both directions between two nodes.
  func change(between one: NodeID, and other: NodeID, _ body: (inout Way) -> Void) {
    body(&self[one, other])
    body(&self[other, one])
  }

  /// All ways that carry nothing.
  var cutLinks: [TraceMark.Link] {
    var links: [TraceMark.Link] = []
    for from in self.stations.map(\.id) {
      for to in self.stations.map(\.id) where from != to && self[from, to].isCut {
        links.append(TraceMark.Link(from: from, to: to))
      }
    }
    return links
  }

  /// Mends all ways.
  func heal() {
    let way = Way(delay: self.world.profile.networkDelay)
    for from in self.ways.indices {
      for to in self.ways[from].indices { self.ways[from][to] = way }
    }
  }

  func station(of id: NodeID) -> NodeStation {
    self.stations[Int(id.rawValue) - 1]
  }

  /// Whether a message that is sent, or arrives, now is lost.
  func loses(from: NodeID, to: NodeID) -> Bool {
    let way = self[from, to]
    return way.isCut || self.world.happens(way.lossPerMille)
  }

  func delay(from: NodeID, to: NodeID) -> Int64 {
    self.world.draw(self[from, to].delay)
  }
}

/// How one life of a node reaches the others.
struct SimulatedTransport: Transport {
  let network: NodeNetwork
  let life: NodeLifeReference

  func connection(to member: Member) -> any PeerConnection {
    let core = SimulatedConnection(network: self.network, life: self.life, to: member.id)
    return self.network.world.profile.isStreaming
      ? SimulatedStream(connection: core) : core
  }
}

/// The life that a transport belongs to; it is made after its transport.
final class NodeLifeReference: @unchecked Sendable {
  var life: NodeLife?
  var isDead: Bool { self.life?.isDead ?? false }
}
