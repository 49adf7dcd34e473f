import RaftConcurrency
import RaftHTTP

/// The servers that a client knows, and the one that it takes for the leader.
///
/// All tasks of a client share it: as soon as one has found the leader, all go there.
final class Route: Sendable {
  private struct State {
    var addresses: [SocketAddress]
    var current = 0
  }

  /// How many servers are remembered.
  private static let addressMax = 64

  private let state: Guarded<State>

  /// Begins with the first of these servers.
  init(_ addresses: [SocketAddress]) {
    precondition(!addresses.isEmpty, "a client needs at least one server")
    self.state = Guarded(State(addresses: addresses))
  }

  /// The server to ask.
  var current: SocketAddress {
    self.state.withLock { $0.addresses[$0.current] }
  }

  /// Every server known.
  var all: [SocketAddress] { self.state.withLock { $0.addresses } }

  /// This server leads.
  func lead(to address: SocketAddress) {
    self.state.withLock { state in
      if let place = state.addresses.firstIndex(of: address) {
        state.current = place
      } else if state.addresses.count < Self.addressMax {
        state.addresses.append(address)
        state.current = state.addresses.count - 1
      } else {
        state.addresses[state.current] = address
      }
    }
  }

  /// This server is of no use now: the next one is asked, unless somebody found another meanwhile.
  func leave(_ address: SocketAddress) {
    self.state.withLock { state in
      guard state.addresses[state.current] == address else { return }
      state.current = (state.current + 1) % state.addresses.count
    }
  }
}
