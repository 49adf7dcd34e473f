import Raft
import RaftHTTP
import TestPace
import Testing

@testable import raft_kv

@Suite("The client", .realTime, .timeLimit(.minutes(5)))
struct ClientTests {
  private static let unknown = HTTPResponse.json(#"{"Err":{"OutcomeUnknown":{"message":"m"}}}"#)
  private static let nobody = HTTPResponse.json(
    #"{"Err":{"ForwardToLeader":{"leader_id":null,"leader_node":null}}}"#)
  private static let written = HTTPResponse.json(
    """
    {"Ok":{"log_id":{"leader_id":{"term":3,"node_id":1},"index":9},\
    "data":{"value":{"value":"x","version":9}},"membership":null}}
    """)
  private static let set = KVCommand.set(key: Key("a"), value: "x")
  private static let swap = KVCommand.compareAndSet(key: Key("a"), expectedVersion: 1, value: "x")

  private static func forward(to address: SocketAddress) -> HTTPResponse {
    .json(
      """
      {"Err":{"ForwardToLeader":{"leader_id":2,"leader_node":\
      {"raft_addr":"127.0.0.1:1","data":"\(address)"}}}}
      """)
  }

  @Test("It goes where a follower sends it, and stays there")
  func followsLeader() async throws {
    try await ScriptedServer.with([[Self.nobody], [Self.written]]) { servers, addresses, client in
      servers[0].answer([Self.forward(to: addresses[1])])
      let receipt = try await client.write(Self.set)
      #expect(receipt.logID == LogID(term: 3, node: 1, index: 9))
      #expect(receipt.value == VersionedValue(value: "x", version: 9))
      #expect(!receipt.isRepeated)
      _ = try await client.write(Self.set)
      #expect(servers[0].requests == [#"/write {"Set":{"key":"a","value":"x"}}"#])
      #expect(servers[1].requests.count == 2)
      #expect(client.route.current == addresses[1])
    }
  }

  @Test("It learns of servers that it was not given")
  func learnsServers() async throws {
    try await ScriptedServer.with([[Self.written]]) { _, leaders, _ in
      try await ScriptedServer.with([[Self.forward(to: leaders[0])]]) { _, given, client in
        _ = try await client.write(Self.set)
        #expect(client.route.all == given + leaders)
      }
    }
  }

  @Test("A set whose outcome is unknown is repeated, and it says so")
  func repeatsSet() async throws {
    let scripts = [[Self.unknown, HTTPResponse.text("late", .serviceUnavailable), Self.written]]
    try await ScriptedServer.with(scripts) { servers, _, client in
      let receipt = try await client.write(Self.set)
      #expect(receipt.isRepeated)
      #expect(servers[0].requests.count == 3)
    }
  }

  @Test(
    "A compare-and-set whose outcome is unknown is never repeated",
    arguments: [Self.unknown, .text("late", .serviceUnavailable), .text("no JSON")])
  func neverRepeatsSwap(answer: HTTPResponse) async throws {
    try await ScriptedServer.with([[answer]]) { servers, _, client in
      let error = await #expect(throws: ClientError.self) { try await client.write(Self.swap) }
      guard case .outcomeUnknown? = error else {
        Issue.record("not told as unknown: \(String(describing: error))")
        return
      }
      #expect(servers[0].requests.count == 1)
    }
  }

  @Test("A refusal that certainly changed nothing is retried, a compare-and-set too")
  func retriesRefusals() async throws {
    let script = [
      Self.nobody, .json(#"{"Err":{"NoQuorum":{"message":"m"}}}"#),
      .json(#"{"Err":{"Overloaded":{"message":"m"}}}"#), .json(#"{"Err":{"Fatal":"Stopped"}}"#),
      Self.written,
    ]
    try await ScriptedServer.with([script]) { servers, _, client in
      let receipt = try await client.write(Self.swap)
      #expect(!receipt.isRepeated)
      #expect(servers[0].requests.count == script.count)
    }
  }

  @Test("What no leader would take is told at once")
  func refusals() async throws {
    let tooLarge = #"{"Err":{"TooLarge":{"bytes":9,"limit":8}}}"#
    for (answer, message) in [
      (HTTPResponse.text("bad\n", .badRequest), "400 Bad Request: bad\n"),
      (.json(tooLarge), "the command has 9 bytes, more than the limit of 8"),
    ] {
      try await ScriptedServer.with([[answer]]) { servers, _, client in
        let error = await #expect(throws: ClientError.self) { try await client.write(Self.set) }
        #expect(error?.description == message)
        #expect(servers[0].requests.count == 1)
      }
    }
  }

  @Test("Servers that send it in a circle get few requests, and the time ends it")
  func circle() async throws {
    let patience = KVClient.Patience(
      total: .milliseconds(400), attempt: .seconds(1), pause: .milliseconds(100))
    try await ScriptedServer.with(
      [[Self.nobody], [Self.nobody]], patience: patience
    ) { servers, addresses, client in
      servers[0].answer([Self.forward(to: addresses[1])])
      servers[1].answer([Self.forward(to: addresses[0])])
      let error = await #expect(throws: ClientError.self) { try await client.write(Self.set) }
      // The time may end between two requests, or within one.
      switch error {
      case .outOfTime, .outcomeUnknown: break
      default: Issue.record("not told as out of time: \(String(describing: error))")
      }
      #expect(servers[0].requests.count + servers[1].requests.count < 100)
    }
  }

  @Test("Where nobody listens, a write ends with what was tried")
  func nobodyListens() async throws {
    let patience = KVClient.Patience(
      total: .milliseconds(200), attempt: .seconds(1), pause: .milliseconds(50))
    let loop = try EventLoop.start(named: "test-nobody")
    // A privileged port that no service uses; a free one might be taken by another test.
    let address = SocketAddress.loopback(port: 1)
    let client = KVClient([address], http: HTTPClient(on: loop), patience: patience)
    let error = await #expect(throws: ClientError.self) { try await client.write(Self.swap) }
    #expect(error?.description.contains("nothing was changed") == true)
    #expect(error?.description.contains("\(address) is unreachable") == true)
    await loop.shutdown()
  }

  @Test("It writes and reads through whichever server it is given")
  func cluster() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      for server in servers {
        _ = try await server.await(#""current_leader":1"#, in: "/metrics")
        let client = KVClient([server.api], http: server.http, patience: .ample)
        let key = Key("from \(server.id)")
        let receipt = try await client.write(.set(key: key, value: "v"))
        let value = VersionedValue(value: "v", version: receipt.logID.index.rawValue)
        #expect(receipt.value == value)
        #expect(try await client.read(key) == value)
        #expect(try await client.read(Key("none")) == nil)
        #expect(client.route.current == servers[0].api)
      }
    }
  }
}
