import Raft
import RaftHTTP

/// What a server is told.
struct ServeOptions: Equatable, Sendable {
  /// Where log and snapshots are kept.
  enum Store: String, CaseIterable, Sendable {
    case file
    case memory
  }

  /// The server's number.
  var id: NodeID
  /// Where clients reach it.
  var apiAddress: SocketAddress
  /// Where the other servers reach it.
  var raftAddress: SocketAddress
  /// The folder of its log and snapshots; `nil` for memory.
  var data: String?
  /// Timeouts and policies.
  var configuration: Configuration
  /// The process whose end is also the server's.
  var parent: Int32?

  /// A server with the default timeouts.
  init(
    id: NodeID, apiAddress: SocketAddress, raftAddress: SocketAddress, data: String? = nil
  ) {
    self.id = id
    self.apiAddress = apiAddress
    self.raftAddress = raftAddress
    self.data = data
    self.configuration = Configuration()
    self.configuration.heartbeatInterval = .milliseconds(500)
    self.configuration.electionTimeoutMin = .milliseconds(1500)
    self.configuration.electionTimeoutMax = .milliseconds(3000)
    self.configuration.readTimeout = .milliseconds(1500)
    self.configuration.appendTimeout = .milliseconds(1500)
  }

  init(_ arguments: Arguments) throws(UsageError) {
    let id = try arguments.required("id")
    guard let id = UInt64(id) else {
      throw arguments.error("--id must be a number from 0 to \(UInt64.max), not '\(id)'")
    }
    self.init(
      id: NodeID(id),
      apiAddress: try Self.listenAddress("api-addr", in: arguments),
      raftAddress: try Self.listenAddress("raft-addr", in: arguments))
    if self.apiAddress == self.raftAddress, self.apiAddress.port != 0 {
      throw arguments.error("--api-addr and --raft-addr must be two addresses")
    }
    try self.takeStore(arguments)
    try self.takeRecording(arguments)
    try self.takeTimes(arguments)
    self.configuration.role = try arguments.role()
    if let count = try arguments.number("snapshot-after", in: 0...1_000_000_000) {
      self.configuration.snapshotAfter = count == 0 ? nil : count
    }
    self.parent = try arguments.number("parent", in: 1...Int32.max)
  }

  private mutating func takeStore(_ arguments: Arguments) throws(UsageError) {
    let data = arguments.value("data")
    if data == "" { throw arguments.error("--data names no folder") }
    switch try arguments.choice("store", of: Store.self) {
    case .file where data == nil:
      throw arguments.error("--store file needs a folder: --data DIR")
    case .memory where data != nil:
      throw arguments.error("--store memory keeps nothing in a folder: leave out --data")
    default:
      self.data = data
    }
  }

  /// The recording lies beside the data if nothing else is said, and so outlives the process.
  private mutating func takeRecording(_ arguments: Arguments) throws(UsageError) {
    switch arguments.value("flight-recording") {
    case "": throw arguments.error("--flight-recording names no file")
    case "none": self.configuration.flightRecording = nil
    case .some(let path): self.configuration.flightRecording = path
    case nil: self.configuration.flightRecording = self.data.map { "\($0)/flight-recording" }
    }
  }

  private mutating func takeTimes(_ arguments: Arguments) throws(UsageError) {
    func time(_ name: String) throws(UsageError) -> Duration? {
      try arguments.number(name, in: 1...60_000).map { .milliseconds($0) }
    }
    if let time = try time("heartbeat-interval") { self.configuration.heartbeatInterval = time }
    if let time = try time("election-timeout-min") {
      self.configuration.electionTimeoutMin = time
      self.configuration.readTimeout = time
      self.configuration.appendTimeout = time
    }
    if let time = try time("election-timeout-max") { self.configuration.electionTimeoutMax = time }
    do {
      try self.configuration.validate()
    } catch {
      throw arguments.error("these times do not fit together: \(error)")
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

extension Arguments {
  /// How the kinds of members are called.
  private enum RoleWord: String, CaseIterable {
    case replica
    case witness
  }

  /// What kind of member a server is; a replica unless told otherwise.
  func role() throws(UsageError) -> Member.Role {
    try self.choice("role", of: RoleWord.self) == .witness ? .witness : .replica
  }
}
