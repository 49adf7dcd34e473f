import Raft
import RaftHTTP
import RaftHTTPTransport
import RaftJSON
import SensorFleetModel

/// Answers the requests of clients, of operators and of the other servers.
struct FleetAPI: Sendable {
  /// How long an operator waits for a new server to catch up; shorter than a request may take.
  private static let joinTimeout: Duration = .seconds(40)

  let fleet: FleetNode
  /// Whether this server may be told not to talk to others.
  let allowsCuts: Bool

  /// Answers one request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    switch (request.method, String(request.path)) {
    case (.get, "/"):
      FleetPage.response
    case (.post, "/ingest"):
      await self.ingest(request)
    case (.get, "/query"):
      await self.query(request)
    case (.get, "/status"):
      Self.response { self.status(&$0, request.query == "brief" ? .brief : .whole) }
    case (.get, "/fleet"):
      await self.picture()
    case (.get, "/configuration"):
      Self.response { $0.write(self.fleet.host.configuration) }
    case (.post, "/found"):
      await self.found(request)
    case (.post, "/leave"):
      await self.leave(request)
    case (.post, "/join"):
      await self.passOn(request, "/leader/join", self.joinHere)
    case (.post, "/part"):
      await self.passOn(request, "/leader/part", self.partHere)
    case (.post, "/replicate"):
      await self.replicate(request)
    case (.post, "/shard/ingest"):
      await self.ingestHere(request)
    case (.post, "/leader/propose"):
      await self.propose(request)
    case (.post, "/leader/renew"):
      await self.renew(request)
    case (.post, "/leader/join"):
      await self.joinHere(request)
    case (.post, "/leader/part"):
      await self.partHere(request)
    case (.post, "/cut") where self.allowsCuts:
      self.cut(request)
    default:
      .text("not found\n", .notFound)
    }
  }

  // MARK: Operators

  private func found(_ request: HTTPRequest) async -> HTTPResponse {
    do {
      let root = try JSONDocument(request.body).root
      let command = FleetCommand.found(
        shardCount: try root["shards"].int(), try PlacementParameters(json: root))
      return Self.response(to: try await self.fleet.propose(command))
    } catch let error as LeaderError {
      return .text("\(error)\n", .serviceUnavailable)
    } catch {
      return .text("\(error)\n", .badRequest)
    }
  }

  private func leave(_ request: HTTPRequest) async -> HTTPResponse {
    guard let id = request.queryValue("server").flatMap({ UInt64($0) }) else {
      return .text("server: the number of the one that shall leave is missing\n", .badRequest)
    }
    do {
      return Self.response(to: try await self.fleet.propose(.leave(ServerID(id))))
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  /// Makes a server a voter of the log.
  private func joinHere(_ request: HTTPRequest) async -> HTTPResponse {
    do {
      let root = try JSONDocument(request.body).root
      let member = Member(
        id: NodeID(try root["id"].uint64()), address: try root["raft_addr"].string(),
        metadata: [NodeInfo.apiKey: try root["api_addr"].string()])
      _ = try await self.fleet.node.addVoter(member, within: Self.joinTimeout)
      return Self.response { $0.object { $0.member("joined", member.id.rawValue) } }
    } catch let error as JSONError {
      return .text("\(error)\n", .badRequest)
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  /// Takes the vote from a server that has no shards any more.
  private func partHere(_ request: HTTPRequest) async -> HTTPResponse {
    guard let id = request.queryValue("server").flatMap({ UInt64($0) }) else {
      return .text("server: a number is missing\n", .badRequest)
    }
    guard self.fleet.host.configuration.server(ServerID(id)) == nil else {
      return .text("server \(id) still belongs to the fleet\n", .conflict)
    }
    do {
      _ = try await self.fleet.node.removeMember(NodeID(id), within: Self.joinTimeout)
      return Self.response { $0.object { $0.member("left", id) } }
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  /// Has the leader do it, whoever is asked.
  private func passOn(
    _ request: HTTPRequest, _ target: String, _ here: (HTTPRequest) async -> HTTPResponse
  ) async -> HTTPResponse {
    if self.fleet.node.isLeader { return await here(request) }
    do {
      let query = request.query.map { "?\($0)" } ?? ""
      let answer = try await self.fleet.askLeader(
        target + query, request.body, within: Self.joinTimeout)
      return HTTPResponse(
        headers: ["Content-Type": "application/json"], body: Array(answer.fragment.bytes))
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  private func cut(_ request: HTTPRequest) -> HTTPResponse {
    let servers = request.queryValue("servers")?.split(separator: ",").map { UInt64($0) } ?? []
    guard let time = request.queryValue("milliseconds").flatMap({ Int64($0) }),
      (0...60_000).contains(time), !servers.contains(nil)
    else { return .text("servers and milliseconds: numbers are expected\n", .badRequest) }
    self.fleet.cuts.cut(servers.compactMap { $0.map { ServerID($0) } }, for: .milliseconds(time))
    return .text("done\n")
  }

  // MARK: Other servers

  private func propose(_ request: HTTPRequest) async -> HTTPResponse {
    let command: FleetCommand
    do throws(JSONError) {
      command = try FleetCommand(json: JSONDocument(request.body).root)
    } catch {
      return .text("\(error)\n", .badRequest)
    }
    do throws(LeaderError) {
      return Self.response(to: try await self.fleet.proposeHere(command))
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  private func renew(_ request: HTTPRequest) async -> HTTPResponse {
    guard let id = request.queryValue("server").flatMap({ UInt64($0) }) else {
      return .text("server: a number is missing\n", .badRequest)
    }
    do throws(LeaderError) {
      let index = try await self.fleet.freshIndexHere(for: ServerID(id))
      return Self.response { $0.object { $0.member("index", index) } }
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  private func replicate(_ request: HTTPRequest) async -> HTTPResponse {
    guard let message = try? ReplicationMessage(request.body),
      message.parts.allSatisfy({ $0.shard.rawValue < FleetConfiguration.shardsMax })
    else { return .text("these are no records\n", .badRequest) }
    let name = self.fleet.host.configuration.name
    guard message.fleet == name else {
      return .text(
        "this server belongs to the fleet '\(name)', not '\(message.fleet)'\n", .conflict)
    }
    let answer = await self.fleet.host.receive(message)
    return HTTPResponse(
      headers: ["Content-Type": "application/octet-stream"], body: answer.bytes)
  }

  // MARK: Form

  static func response(_ body: (inout JSONWriter) -> Void) -> HTTPResponse {
    var writer = JSONWriter()
    body(&writer)
    return HTTPResponse(headers: ["Content-Type": "application/json"], body: writer.finish())
  }

  private static func response(to receipt: FleetReceipt) -> HTTPResponse {
    Self.response { writer in
      writer.object { writer in
        writer.member("index", receipt.index)
        if let starts = receipt.starts { writer.member("starts", starts) }
        if let refusal = receipt.refusal { writer.member("refusal", refusal) }
      }
    }
  }
}
