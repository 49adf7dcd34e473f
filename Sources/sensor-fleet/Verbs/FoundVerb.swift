import RaftCommandLine
import RaftHTTP
import RaftJSON

/// The verb that makes the shards.
struct FoundVerb: Equatable, Sendable {
  let shards: Int
  let replicas: Int
  let inMotion: Int
  let options: ClientOptions

  init(_ arguments: Arguments) throws(UsageError) {
    self.shards = try arguments.number("shards", in: 1...4096) ?? 32
    self.replicas = try arguments.number("replicas", in: 1...9) ?? 2
    self.inMotion = try arguments.number("in-motion", in: 1...1000) ?? 4
    self.options = try ClientOptions(arguments)
  }

  /// What a server is asked.
  static func request(shards: Int, replicas: Int, inMotion: Int) -> [UInt8] {
    let json: JSON = [
      "shards": .number(JSONNumber(shards)), "replicas": .number(JSONNumber(replicas)),
      "shards_in_motion": .number(JSONNumber(inMotion)),
    ]
    return json.bytes()
  }

  func perform() async throws(Failure) -> Report {
    try await self.options.withClient { client in
      let response = try await client.ask(
        .post, "/found",
        Self.request(shards: self.shards, replicas: self.replicas, inMotion: self.inMotion))
      try response.checkForRefusal()
      return Report(output: "\(counted(self.shards, "shard")) made\n")
    }
  }
}

/// The verb that lets a server go.
struct LeaveVerb: Equatable, Sendable {
  let server: UInt64
  let options: ClientOptions

  init(_ arguments: Arguments) throws(UsageError) {
    guard let server = UInt64(arguments.operands[0]) else {
      throw arguments.error("ID must be a number, not '\(arguments.operands[0])'")
    }
    self.server = server
    self.options = try ClientOptions(arguments)
  }

  func perform() async throws(Failure) -> Report {
    try await self.options.withClient { client in
      try await client.ask(.post, "/leave?server=\(self.server)").checkForRefusal()
      return Report(output: "server \(self.server) leaves; others take over its shards\n")
    }
  }
}

extension HTTPResponse {
  /// Throws what the log refused.
  func checkForRefusal() throws(ClientError) {
    guard let root = try? JSONDocument(self.body).root,
      let refusal = try? root.optional("refusal"),
      let message = try? refusal["message"].string()
    else { return }
    throw .refused(message)
  }
}
