import RaftEngine

/// Which links work, and how well.
struct SimulatedNetwork {
  /// How the network treats messages that it carries.
  struct Weather {
    /// How many messages of a thousand are lost, come twice, or are overtaken by far.
    var lossPerMille = 0
    var duplicatesPerMille = 0
    var stragglersPerMille = 50
    /// The longest usual delay in nanoseconds.
    var delay: Int64 = milliseconds
  }

  var weather = Weather()
  let nodeCount: Int
  private var cut: [Bool]
  private var slow: [Int64]
  private var held: [Bool]
  /// Links that hold back entries, while heartbeats, which have a lane of their own, pass.
  private var stuck: [Bool]
  private var newest: [Int]
  /// Packets that wait on held links, in the order of sending.
  private(set) var waiting: [Packet] = []
  private var sent = 0

  init(nodeCount: Int) {
    self.nodeCount = nodeCount
    let links = nodeCount * nodeCount
    self.cut = Array(repeating: false, count: links)
    self.slow = Array(repeating: 0, count: links)
    self.held = Array(repeating: false, count: links)
    self.stuck = Array(repeating: false, count: links)
    self.newest = Array(repeating: 0, count: links)
  }

  private func link(_ from: NodeID, _ to: NodeID) -> Int {
    (Int(from.rawValue) - 1) * self.nodeCount + Int(to.rawValue) - 1
  }

  /// Numbers a packet that is sent.
  mutating func number(_ packet: inout Packet) {
    self.sent += 1
    packet.number = self.sent
  }

  /// Whether a packet that arrives was sent before one that arrived on the same link.
  mutating func isOvertaken(_ packet: Packet) -> Bool {
    let link = self.link(packet.from, packet.to)
    guard packet.number >= self.newest[link] else { return true }
    self.newest[link] = packet.number
    return false
  }

  func isCut(from: NodeID, to: NodeID) -> Bool { self.cut[self.link(from, to)] }
  func isHeld(_ packet: Packet) -> Bool {
    let link = self.link(packet.from, packet.to)
    return self.held[link] || self.stuck[link] && packet.hasEntries
  }
  func extraDelay(from: NodeID, to: NodeID) -> Int64 { self.slow[self.link(from, to)] }

  mutating func cut(from: NodeID, to: NodeID) { self.cut[self.link(from, to)] = true }
  mutating func setCut(_ isCut: Bool, from: NodeID, to: NodeID) {
    self.cut[self.link(from, to)] = isCut
  }
  mutating func hold(from: NodeID, to: NodeID) { self.held[self.link(from, to)] = true }
  mutating func holdEntries(from: NodeID, to: NodeID) { self.stuck[self.link(from, to)] = true }
  mutating func slowDown(from: NodeID, to: NodeID, by delay: Int64) {
    self.slow[self.link(from, to)] = delay
  }

  /// All links that carry nothing.
  var cutLinks: [TraceMark.Link] {
    self.cut.indices.filter { self.cut[$0] }.map { link in
      TraceMark.Link(
        from: NodeID(UInt64(link / self.nodeCount + 1)),
        to: NodeID(UInt64(link % self.nodeCount + 1)))
    }
  }

  mutating func keepWaiting(_ packet: Packet) { self.waiting.append(packet) }

  /// All links carry messages again; links stay slow and held.
  mutating func heal() {
    for link in self.cut.indices { self.cut[link] = false }
  }

  /// No link holds messages back any more; returns those that waited.
  mutating func unleash() -> [Packet] {
    for link in self.held.indices {
      self.held[link] = false
      self.stuck[link] = false
      self.slow[link] = 0
    }
    defer { self.waiting.removeAll() }
    return self.waiting
  }

  /// One link holds nothing back any more; returns what waited on it.
  mutating func release(from: NodeID, to: NodeID) -> [Packet] {
    let link = self.link(from, to)
    guard self.held[link] || self.stuck[link] else { return [] }
    self.held[link] = false
    self.stuck[link] = false
    let released = self.waiting.filter { $0.from == from && $0.to == to }
    self.waiting.removeAll { $0.from == from && $0.to == to }
    return released
  }
}
