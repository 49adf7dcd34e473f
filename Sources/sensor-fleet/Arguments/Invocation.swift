import RaftCommandLine
import RaftHTTP

/// What the command line asks for.
enum Invocation: Sendable {
  case help(Verb?)
  case serve(ServeOptions)
  case found(FoundVerb)
  case leave(LeaveVerb)
  case ingest(IngestVerb)
  case query(QueryVerb)
  case status(StatusVerb)
  case demo(DemoOptions)
  case verify(VerifyVerb)
  case bench(BenchOptions)

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
      throw UsageError(
        "unknown verb '\(first)'" + (hint.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard let arguments = try Arguments(rest, for: verb.rawValue, verb.guide) else {
      self = .help(verb)
      return
    }
    switch verb {
    case .serve: self = .serve(try ServeOptions(arguments))
    case .found: self = .found(try FoundVerb(arguments))
    case .leave: self = .leave(try LeaveVerb(arguments))
    case .ingest: self = .ingest(try IngestVerb(arguments))
    case .query: self = .query(try QueryVerb(arguments))
    case .status: self = .status(try StatusVerb(arguments))
    case .demo: self = .demo(try DemoOptions(arguments))
    case .verify: self = .verify(try VerifyVerb(arguments))
    case .bench: self = .bench(try BenchOptions(arguments))
    }
  }
}

/// What a client's verb is told beside its operands.
struct ClientOptions: Equatable, Sendable {
  /// The API addresses to begin with; at least one.
  var cluster: [SocketAddress] = [.loopback(port: 23001)]
  /// How long to try.
  var timeout: Duration = .seconds(20)

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
  }
}

extension Arguments {
  /// Reads an address.
  func address(_ text: String, option: String) throws(UsageError) -> SocketAddress {
    do {
      return try SocketAddress(parsing: text)
    } catch {
      throw self.error("--\(option): \(error)", code: .unusable)
    }
  }
}
