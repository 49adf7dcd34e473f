import RaftCommandLine
import RaftHTTP

/// The ways between servers, each of which can be cut; clients reach all servers at any time.
protocol Network: Sendable {
  /// What it is made of, for reports.
  var explanation: String { get }

  /// Gives a server its place; returns where it is to listen.
  func add(_ server: Int) async throws(Failure) -> NetworkPlace

  /// Takes a server's place away.
  func remove(_ server: Int) async

  /// How a program is started at a server's place.
  func command(_ program: String, _ arguments: [String], at server: Int) -> [String]

  /// Which ports of this machine a server must be led to instead of others'.
  func redirections(of server: Int) -> [(from: UInt16, to: UInt16)]

  /// Cuts these ways, and no others.
  func cut(_ ways: Set<Way>) async throws(Failure)

  /// Ends everything that it is made of.
  func close() async
}

/// From one server to another: what is sent in this direction.
struct Way: Hashable, Sendable {
  let from: Int
  let to: Int
}

/// Where a server listens.
struct NetworkPlace: Sendable {
  let api: SocketAddress
  let raft: SocketAddress
}

extension Set<Way> {
  /// Both directions between these servers.
  static func between(_ some: some Collection<Int>, _ others: some Collection<Int>) -> Set<Way> {
    Self.out(of: some, to: others).union(Self.out(of: others, to: some))
  }

  /// One direction between these servers.
  static func out(
    of some: some Collection<Int>, to others: some Collection<Int>
  ) -> Set<Way> {
    Set(
      some.flatMap { from in
        others.filter { $0 != from }.map { Way(from: from, to: $0) }
      })
  }
}
