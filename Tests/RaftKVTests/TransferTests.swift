import Raft
import RaftCommandLine
import RaftHTTP
import TestPace
import Testing

@testable import raft_kv

@Suite("Servers hand over", .realTime, .timeLimit(.minutes(5)))
struct TransferTests {
  @Test("An operator makes another server the leader, and asks twice without harm")
  func verb() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      #expect(
        try await servers[0].text("/transfer-leader", #"{"to":9}"#)
          == #"{"Err":{"NotMember":{"node_id":9}}}"#)
      let client = KVClient(servers.map(\.api), http: servers[0].http)
      let text = try await TransferVerb(client: client, format: .text).transfer(to: 2)
      #expect(text == Report(output: "server 2 leads\n"))
      let json = try await TransferVerb(client: client, format: .json).transfer(to: 2)
      #expect(json == Report(output: #"{"leader":2}"# + "\n"))
      let other = try await client.transferLeadership(to: nil)
      #expect(other == 1 || other == 3)
    }
  }

  @Test("A leader that is told to end leaves no gap of an election timeout")
  func gracefulEnd() async throws {
    try await ServerUnderTest.with([1, 2, 3], electionTimeout: .seconds(20)) { servers in
      try await ServerUnderTest.formCluster(servers)
      let client = KVClient(servers.dropFirst().map(\.api), http: servers[0].http)
      _ = try await client.write(.set(key: Key("k"), value: "1"))
      let clock = ContinuousClock()
      let start = clock.now
      servers[0].end()
      _ = try await servers[1].await(#""current_leader":"#, in: "/metrics")
      try await servers[1].await(noMore: #""current_leader":1,"#, in: "/metrics")
      _ = try await client.write(.set(key: Key("k"), value: "2"))
      let gap = start.duration(to: clock.now)
      #expect(gap < .seconds(10), "an election would have taken 20 s at the least")
      #expect(try await client.read(Key("k"))?.value == "2")
    }
  }

  @Test("The verb takes a number or 'any'")
  func arguments() throws {
    func target(_ word: String) throws -> NodeID?? {
      guard case .transfer(let target, _) = try Invocation(["transfer", word]) else { return nil }
      return .some(target)
    }
    #expect(try target("3") == .some(.some(3)))
    #expect(try target("any") == .some(.none))
    #expect(throws: UsageError.self) { try target("-3x") }
    #expect(throws: UsageError.self) { try target("all") }
  }
}
