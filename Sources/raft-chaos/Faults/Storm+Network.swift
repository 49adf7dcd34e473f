import Raft
import RaftCommandLine

/// Faults of the network and of wall clocks.
extension Storm {
  private static let partition = 400...3500
  /// How far a wall clock may jump, in seconds.
  private static let jump = 86_400.0

  /// Cuts some ways for a while.
  func divide(_ kind: FaultKind, _ chance: inout SeededGenerator) async throws(Failure) {
    let all = self.cluster.servers.map(\.number).shuffled(using: &chance)
    guard all.count > 1 else { return }
    let leader = await self.cluster.leader()?.number ?? all[0]
    let others = all.filter { $0 != leader }
    var ways: Set<Way>
    switch kind {
    case .leaderIsolated:
      ways = .between([leader], others)
    case .oneWay:
      let few = all.prefix(Int.random(in: 1...(all.count / 2), using: &chance))
      let side = Bool.random(using: &chance) ? [leader] : Array(few)
      let rest = all.filter { !side.contains($0) }
      ways = Bool.random(using: &chance) ? .out(of: side, to: rest) : .out(of: rest, to: side)
    case .partial:
      ways = []
      for way in Set<Way>.out(of: all, to: all) where way.from < way.to {
        if Int.random(in: 0..<5, using: &chance) < 2 {
          ways.formUnion(Set.between([way.from], [way.to]))
        }
      }
    default:
      let few = all.prefix(Int.random(in: 1...(all.count / 2), using: &chance))
      ways = .between(few, all.dropFirst(few.count))
    }
    try await self.cluster.network.cut(ways)
    let text = ways.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
      .map { "\($0.from)→\($0.to)" }.joined(separator: " ")
    self.note(kind, "ways \(text)")
    await self.rest(Self.partition, &chance)
    try await self.cluster.network.cut([])
  }

  /// Has the wall clock of one server, or of all, jump forward or back.
  func shiftClocks(_ chance: inout SeededGenerator) {
    let all = self.cluster.servers.shuffled(using: &chance)
    for server in Bool.random(using: &chance) ? all : Array(all.prefix(1)) {
      // From milliseconds to a day, each power of ten as likely as the others.
      let seconds = self.power(of: Self.jump * 1000, &chance) / 1000
      let sign = Bool.random(using: &chance) ? 1.0 : -1.0
      server.control[.clockOffset] = Int64(sign * seconds * 1e9)
      let text = sign > 0 ? "+" : "-"
      self.note(.clockJumped, "server \(server.id) by \(text)\(seconds.rounded(to: 3)) s")
    }
  }

  private func power(of largest: Double, _ chance: inout SeededGenerator) -> Double {
    var size = 1.0
    while size * 10 < largest, Int.random(in: 0..<8, using: &chance) > 0 { size *= 10 }
    return size * Double.random(in: 1...10, using: &chance)
  }
}
