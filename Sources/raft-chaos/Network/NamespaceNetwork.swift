import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// A network namespace for each server, joined by a bridge, all within a namespace of this process.
///
/// A way is cut by giving the sender a wrong hardware address for the receiver: what it sends is
/// lost without a word, as on a network that drops packets.
final class NamespaceNetwork: Network {
  private static let bridge = "chaos0"
  private static let prefix = "10.77.0."
  private static let apiPort: UInt16 = 21000
  private static let raftPort: UInt16 = 22000
  private static let nowhere = "02:00:00:00:de:ad"

  let explanation = "network namespaces, packets dropped without a word"
  private let cuts = Guarded<Set<Way>>([])
  private let servers = Guarded<Set<Int>>([])

  /// Makes the bridge; this process must be in a namespace of its own.
  init() async throws(Failure) {
    try await Self.ip(["link", "set", "lo", "up"])
    try await Self.ip(["link", "add", Self.bridge, "type", "bridge"])
    try await Self.ip(["addr", "add", Self.prefix + "254/24", "dev", Self.bridge])
    try await Self.ip(["link", "set", Self.bridge, "up"])
  }

  func add(_ server: Int) async throws(Failure) -> NetworkPlace {
    precondition((1..<254).contains(server), "there is no address for server \(server)")
    let (name, outer) = (Self.name(server), Self.link(server))
    try await Self.ip(["netns", "add", name])
    try await Self.ip(
      ["link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", name])
    try await Self.ip(["link", "set", outer, "master", Self.bridge, "up"])
    for words in [
      ["link", "set", "lo", "up"],
      ["addr", "add", "\(Self.prefix)\(server)/24", "dev", "eth0"],
      ["link", "set", "eth0", "up"],
    ] {
      try await Self.ip(["-n", name] + words)
    }
    _ = self.servers.withLock { $0.insert(server) }
    return NetworkPlace(
      api: try Self.address(server, Self.apiPort), raft: try Self.address(server, Self.raftPort))
  }

  func remove(_ server: Int) async {
    _ = self.servers.withLock { $0.remove(server) }
    self.cuts.withLock { cuts in cuts = cuts.filter { $0.from != server && $0.to != server } }
    // Both ends go at once; those of a namespace that is gone only after a while.
    try? await Self.ip(["link", "del", Self.link(server)])
    try? await Self.ip(["netns", "del", Self.name(server)])
  }

  func command(_ program: String, _ arguments: [String], at server: Int) -> [String] {
    ["nsenter", "--net=/run/netns/\(Self.name(server))", program] + arguments
  }

  func redirections(of server: Int) -> [(from: UInt16, to: UInt16)] { [] }

  func cut(_ ways: Set<Way>) async throws(Failure) {
    let servers = self.servers.withLock { $0 }
    let wanted = ways.filter { servers.contains($0.from) && servers.contains($0.to) }
    let (healed, broken) = self.cuts.withLock { cuts in
      defer { cuts = wanted }
      return (cuts.subtracting(wanted), wanted.subtracting(cuts))
    }
    for (ways, words) in [
      (healed, ["del"]), (broken, ["replace", "lladdr", Self.nowhere, "nud", "permanent"]),
    ] {
      for way in ways where servers.contains(way.from) {
        let receiver = "\(Self.prefix)\(way.to)"
        do throws(Failure) {
          try await Self.ip(
            ["-n", Self.name(way.from), "neigh", words[0], receiver] + words.dropFirst()
              + ["dev", "eth0"])
        } catch {
          // Its place may have been taken away meanwhile.
          if self.servers.withLock({ $0.contains(way.from) }) { throw error }
        }
      }
    }
  }

  func close() async {
    for server in self.servers.withLock({ $0 }) { await self.remove(server) }
    try? await Self.ip(["link", "del", Self.bridge])
  }

  private static func name(_ server: Int) -> String { "chaos-\(server)" }

  private static func link(_ server: Int) -> String { "veth\(server)" }

  private static func address(_ server: Int, _ port: UInt16) throws(Failure) -> SocketAddress {
    do {
      return try SocketAddress(host: "\(self.prefix)\(server)", port: port)
    } catch {
      throw Failure(.failed, String(describing: error))
    }
  }

  private static func ip(_ words: [String]) async throws(Failure) {
    try await SystemTool.run(["ip"] + words)
  }
}
