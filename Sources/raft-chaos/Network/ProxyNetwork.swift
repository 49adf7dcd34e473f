import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// Ports of this machine, without any right: between two servers stands a relay of this process,
/// to which the library before each server leads its connections.
///
/// A way is cut by leaving what is sent on it where it is. So nothing gets through, and nothing is
/// said about it; when the way is healed, what was sent arrives late.
final class ProxyNetwork: Network {
  /// Ports that the system gives to nobody who asks for any port.
  private static let ports: Range<UInt16> = 10_000..<30_000
  private static let portTries = 200

  let explanation = "relays between ports of this machine, which hold back what is sent"
  private let relay: Relay
  private struct State {
    var places: [Int: NetworkPlace] = [:]
    var relays: [Way: [(from: UInt16, to: UInt16)]] = [:]
  }
  private let state = Guarded(State())

  init() throws(Failure) {
    self.relay = try Relay()
  }

  func add(_ server: Int) async throws(Failure) -> NetworkPlace {
    let place = NetworkPlace(api: try Self.freePort(), raft: try Self.freePort())
    for (other, theirs) in self.state.withLock({ $0.places }) where other != server {
      try self.open(Way(from: server, to: other), theirs)
      try self.open(Way(from: other, to: server), place)
    }
    self.state.withLock { $0.places[server] = place }
    return place
  }

  private func open(_ way: Way, _ place: NetworkPlace) throws(Failure) {
    var pairs: [(from: UInt16, to: UInt16)] = []
    for port in [place.raft.port, place.api.port] {
      pairs.append((port, try self.relay.listen(for: way, to: port)))
    }
    self.state.withLock { $0.relays[way] = pairs }
  }

  func remove(_ server: Int) async {
    self.state.withLock { state in
      state.places[server] = nil
      state.relays = state.relays.filter { $0.key.from != server && $0.key.to != server }
    }
    self.relay.close { $0.from == server || $0.to == server }
  }

  func command(_ program: String, _ arguments: [String], at server: Int) -> [String] {
    [program] + arguments
  }

  func redirections(of server: Int) -> [(from: UInt16, to: UInt16)] {
    self.state.withLock { state in
      state.relays.filter { $0.key.from == server }.values.flatMap { $0 }
    }
  }

  func cut(_ ways: Set<Way>) async throws(Failure) {
    self.relay.hold(ways)
  }

  func close() async {
    self.relay.stop()
  }

  /// A port on which nobody listens.
  private static func freePort() throws(Failure) -> SocketAddress {
    for _ in 0..<self.portTries {
      let port = UInt16.random(in: self.ports)
      if let socket = LocalSocket.listening(on: port) {
        Glibc.close(socket.descriptor)
        return .loopback(port: port)
      }
    }
    throw Failure(.failed, "no port of this machine is free")
  }
}
