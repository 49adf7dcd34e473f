import Raft
import RaftCommandLine
import RaftHTTP
import SensorFleetModel

/// What a server is told.
struct ServeOptions: Equatable, Sendable {
  /// How a server without a cluster comes to one.
  enum Entrance: Equatable, Sendable {
    /// It has one, or waits until it is made a member.
    case known
    case founds
    case joins(SocketAddress)
  }

  var id: ServerID
  var apiAddress: SocketAddress
  var raftAddress: SocketAddress
  var data: String
  var zone: String
  var entrance = Entrance.known
  var configuration = Configuration()
  /// Whether it may be told not to talk to others.
  var allowsCuts = false
  /// The process whose end is also the server's.
  var parent: Int32?

  init(_ arguments: Arguments) throws(UsageError) {
    let text = try arguments.required("id")
    guard let id = UInt64(text) else {
      throw arguments.error("--id must be a number, not '\(text)'")
    }
    self.id = ServerID(id)
    self.apiAddress = try Self.listenAddress("api-addr", in: arguments)
    self.raftAddress = try Self.listenAddress("raft-addr", in: arguments)
    self.data = try arguments.required("data")
    guard !self.data.isEmpty else { throw arguments.error("--data names no folder") }
    self.zone = arguments.value("zone") ?? "zone-\(id)"
    if arguments.has("found"), arguments.has("join") {
      throw arguments.error("--found makes a new cluster, --join enters one: choose")
    }
    if arguments.has("found") { self.entrance = .founds }
    if let text = arguments.value("join") {
      self.entrance = .joins(try arguments.address(text, option: "join"))
    }
    self.allowsCuts = arguments.has("allow-cuts")
    self.parent = try arguments.number("parent", in: 1...Int32.max)
    try self.takeTimes(arguments)
  }

  private mutating func takeTimes(_ arguments: Arguments) throws(UsageError) {
    let heartbeat = try arguments.number("heartbeat-interval", in: 10...60_000) ?? 150
    let election = try arguments.number("election-timeout", in: 20...600_000) ?? 600
    self.configuration.heartbeatInterval = .milliseconds(heartbeat)
    self.configuration.electionTimeoutMin = .milliseconds(election)
    self.configuration.electionTimeoutMax = .milliseconds(2 * election)
    self.configuration.readTimeout = .milliseconds(election)
    self.configuration.appendTimeout = .milliseconds(election)
    do {
      try self.configuration.validate()
    } catch {
      throw arguments.error("--heartbeat-interval and --election-timeout do not fit: \(error)")
    }
  }

  /// Reads an address that others can use as it stands.
  private static func listenAddress(
    _ name: String, in arguments: Arguments
  ) throws(UsageError) -> SocketAddress {
    let address = try arguments.address(try arguments.required(name), option: name)
    guard !["0.0.0.0", "::"].contains(address.host) else {
      throw arguments.error(
        "--\(name) \(address): give the address under which others reach this server")
    }
    return address
  }
}
