import Raft
import RaftCommandLine
import RaftFileStore
import RaftHTTP

/// What a server is told.
struct ServeOptions: Equatable, Sendable {
  /// Where log and snapshots are kept.
  enum Store: String, CaseIterable, Sendable {
    case file
    case memory
    case rocksdb
  }

  /// The server's number.
  var id: NodeID
  /// Where clients reach it.
  var apiAddress: SocketAddress
  /// Where the other servers reach it.
  var raftAddress: SocketAddress
  /// The folder of its log and snapshots; `nil` for memory.
  var data: String?
  /// In which form it lies there.
  var store: Store
  /// How the folder's files are used.
  var files = FileStoreConfiguration()
  /// API addresses of servers that let this one in again when its data was damaged; with none it
  /// ends then.
  var rebuildFrom: [SocketAddress] = []
  /// How many bytes a second snapshots may take on the way to others; `nil` for no limit.
  var snapshotRate: Int?
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
    self.store = data == nil ? .memory : .file
    self.configuration = Self.configuration
  }

  /// Where the options begin: timeouts for servers whose disks and machines are shared.
  static let configuration: Configuration = {
    var configuration = Configuration()
    configuration.heartbeatInterval = .milliseconds(500)
    configuration.electionTimeoutMin = .milliseconds(1500)
    configuration.electionTimeoutMax = .milliseconds(3000)
    configuration.readTimeout = .milliseconds(1500)
    configuration.appendTimeout = .milliseconds(1500)
    return configuration
  }()

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
    self.configuration.role = try arguments.role()
    try self.takeSettings(arguments)
    if let rate = try arguments.magnitude("snapshot-rate", in: 0...(1 << 40)) {
      self.snapshotRate = rate > 0 ? rate : nil
    }
    self.parent = try arguments.number("parent", in: 1...Int32.max)
  }

  private mutating func takeStore(_ arguments: Arguments) throws(UsageError) {
    let data = arguments.value("data")
    if data == "" { throw arguments.error("--data names no folder") }
    let store = try arguments.choice("store", of: Store.self)
    switch store {
    case .file where data == nil, .rocksdb where data == nil:
      throw arguments.error("--store \(store?.rawValue ?? "") needs a folder: --data DIR")
    case .memory where data != nil:
      throw arguments.error("--store memory keeps nothing in a folder: leave out --data")
    default:
      self.data = data
      self.store = store ?? (data == nil ? .memory : .file)
    }
    let fileOptions = ["segment-size", "reserve-size", "scrub-rate", "rebuild-from"]
    if self.store != .file, let option = fileOptions.first(where: arguments.has) {
      throw arguments.error("--\(option) is about a folder with files: give one with --data DIR")
    }
    if let size = try arguments.magnitude("segment-size", in: 4096...(1 << 40)) {
      self.files.segmentSize = size
    }
    if let size = try arguments.magnitude("reserve-size", in: 0...(1 << 40)) {
      self.files.reserveSize = size
    }
    if let rate = try arguments.magnitude("scrub-rate", in: 0...(1 << 40)) {
      self.files.scrubRate = rate > 0 ? rate : nil
    }
    for part in arguments.value("rebuild-from")?.split(separator: ",") ?? [] {
      self.rebuildFrom.append(try arguments.address(String(part), option: "rebuild-from"))
    }
    // A map on a disk may keep its caller waiting, and the protocol must not wait with it.
    if self.store == .rocksdb { self.configuration.inlineApplyEntriesMax = 0 }
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

  /// Takes the fields of the configuration, and checks that they fit together.
  private mutating func takeSettings(_ arguments: Arguments) throws(UsageError) {
    for setting in Setting.all { try setting.take(arguments, &self.configuration) }
    if arguments.has("election-timeout-min") {
      let time = self.configuration.electionTimeoutMin
      if !arguments.has("read-timeout") { self.configuration.readTimeout = time }
      if !arguments.has("append-timeout") { self.configuration.appendTimeout = time }
    }
    do {
      try self.configuration.validate()
    } catch {
      throw arguments.error(Self.inOptions("\(error.field) must be \(error.rule)"))
    }
  }

  /// The sentence with options instead of the configuration's fields.
  private static func inOptions(_ sentence: String) -> String {
    let fields = Set(Setting.all.map(\.field) + ["role", "flightRecording"])
    return sentence.split(separator: " ").map { word in
      fields.contains(String(word)) ? "--\(Setting.optionName(of: String(word)))" : String(word)
    }.joined(separator: " ")
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
