import Raft
import RaftCommandLine
import RaftHTTP

/// What the command line asks for.
enum Invocation: Sendable {
  case help(Verb?)
  case serve(ServeOptions)
  case put(key: String, value: String, ClientOptions)
  case get(key: String, ClientOptions)
  case compareAndSet(key: String, expectedVersion: UInt64, value: String, ClientOptions)
  case status(ClientOptions)
  case join(NodeID, api: SocketAddress, raft: SocketAddress, as: Member.Role, ClientOptions)
  case leave(NodeID, ClientOptions)
  case transfer(to: NodeID?, ClientOptions)
  case refill(NodeID, ClientOptions)
  case recover(RecoverOptions)
  case steer(SteeringVerb)
  case load(path: String, concurrency: Int, ClientOptions)
  case demo(DemoOptions)

  /// Reads the words behind the program's name.
  ///
  /// - Throws: ``UsageError`` if they cannot be understood.
  init(_ words: [String]) throws(UsageError) {
    guard let first = words.first else {
      self = .help(nil)
      return
    }
    let rest = words.dropFirst()
    if ["help", "--help", "-h"].contains(first) {
      self = .help(rest.first.flatMap { Verb(rawValue: $0) })
      return
    }
    guard let verb = Verb(rawValue: first) else {
      let hint = likelyMeant(first, among: Verb.allCases.map(\.rawValue))
      let kind = first.hasPrefix("-") ? "option" : "verb"
      throw UsageError(
        "unknown \(kind) '\(first)'" + (hint.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard let arguments = try Arguments(rest, for: verb.rawValue, verb.guide) else {
      self = .help(verb)
      return
    }
    try self.init(verb, arguments)
  }

  private init(_ verb: Verb, _ arguments: Arguments) throws(UsageError) {
    let operands = arguments.operands
    switch verb {
    case .serve:
      self = .serve(try ServeOptions(arguments))
    case .put:
      self = .put(key: operands[0], value: operands[1], try ClientOptions(arguments))
    case .get:
      self = .get(key: operands[0], try ClientOptions(arguments))
    case .cas:
      guard let version = UInt64(operands[1]) else {
        throw arguments.error("EXPECTED_VERSION must be a number, not '\(operands[1])'")
      }
      self = .compareAndSet(
        key: operands[0], expectedVersion: version, value: operands[2],
        try ClientOptions(arguments))
    case .status:
      self = .status(try ClientOptions(arguments))
    case .join:
      self = .join(
        try arguments.nodeID(operands[0]),
        api: try arguments.address(operands[1], operand: "API_ADDR"),
        raft: try arguments.address(operands[2], operand: "RAFT_ADDR"),
        as: try arguments.role(), try ClientOptions(arguments))
    case .leave:
      self = .leave(try arguments.nodeID(operands[0]), try ClientOptions(arguments))
    case .transfer:
      guard let id = UInt64(operands[0]) else {
        guard operands[0] == "any" else {
          throw arguments.error("SERVER must be a number or 'any', not '\(operands[0])'")
        }
        self = .transfer(to: nil, try ClientOptions(arguments))
        return
      }
      self = .transfer(to: NodeID(id), try ClientOptions(arguments))
    case .refill:
      self = .refill(try arguments.nodeID(operands[0]), try ClientOptions(arguments))
    case .recover:
      self = .recover(try RecoverOptions(arguments))
    case .trigger, .switch, .metrics:
      self = .steer(try SteeringVerb(verb, arguments))
    case .load:
      self = .load(
        path: operands[0],
        concurrency: try arguments.number("concurrency", in: 1...1024) ?? 64,
        try ClientOptions(arguments))
    case .demo:
      self = .demo(
        DemoOptions(load: arguments.value("load"), isDataKept: arguments.has("keep")))
    }
  }
}

/// What a client's verb is told beside its operands.
struct ClientOptions: Equatable, Sendable {
  /// How results are printed.
  enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// The API addresses to begin with; at least one.
  var cluster: [SocketAddress] = [.loopback(port: 21001)]
  /// How long to look for a leader and to retry.
  var timeout: Duration = .seconds(15)
  /// How results are printed.
  var format: Format = .text

  init(cluster: [SocketAddress]) {
    self.cluster = cluster
  }

  init(_ arguments: Arguments) throws(UsageError) {
    if let text = arguments.value("cluster") {
      self.cluster = []
      for part in text.split(separator: ",") {
        self.cluster.append(try arguments.address(String(part), option: "cluster"))
      }
      guard !self.cluster.isEmpty else { throw arguments.error("--cluster names no server") }
    }
    if let seconds = try arguments.number("timeout", in: 1...3600) {
      self.timeout = .seconds(seconds)
    }
    self.format = try arguments.choice("format", of: Format.self) ?? .text
  }
}

/// What the demonstration is told.
struct DemoOptions: Equatable, Sendable {
  /// What to load; `nil` for this package's own sources.
  var load: String?
  /// Whether the servers' folders stay when it is over.
  var isDataKept = false
}

extension Arguments {
  /// Reads a server's number.
  func nodeID(_ text: String) throws(UsageError) -> NodeID {
    guard let number = UInt64(text) else { throw self.error("ID must be a number, not '\(text)'") }
    return NodeID(number)
  }

  /// Reads an address that stands without an option.
  func address(_ text: String, operand: String) throws(UsageError) -> SocketAddress {
    do {
      return try SocketAddress(parsing: text)
    } catch {
      throw self.error("\(operand): \(error)", code: .unusable)
    }
  }

  /// Reads an address.
  func address(_ text: String, option: String) throws(UsageError) -> SocketAddress {
    do {
      return try SocketAddress(parsing: text)
    } catch {
      throw self.error("--\(option): \(error)", code: .unusable)
    }
  }
}
