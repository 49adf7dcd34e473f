import Glibc
import Raft
import RaftCommandLine
import RaftHTTP
import TestPace
import Testing

@testable import raft_kv

@Suite("Servers that lost what they had confirmed", .realTime, .timeLimit(.minutes(5)))
struct RefillTests {
  @Test("Nobody is let start over who lost nothing; other servers than the leader name it")
  func nothingLost() async throws {
    try await ServerUnderTest.with([1, 2]) { servers in
      try await ServerUnderTest.formCluster(servers)
      let lost = #"{"Err":{"NothingLost":{"node_id":2}}}"#
      #expect(try await servers[0].text("/allow-log-reversion", #"{"node_id":2}"#) == lost)
      let other = try await servers[1].text("/allow-log-reversion", #"{"node_id":2}"#)
      #expect(other.hasPrefix(#"{"Err":{"ForwardToLeader":{"leader_id":1,"#))
      let client = KVClient([servers[1].api], http: servers[1].http)
      let error = await #expect(throws: ClientError.self) {
        try await client.allowLogReversion(of: 2)
      }
      #expect(error?.description.contains("\(LogReversionError.nothingLost(2))") == true)
      #expect(try await servers[0].ask("/allow-log-reversion", "2").status == .badRequest)
    }
  }

  @Test("A decision of unknown outcome is not repeated")
  func unknown() async throws {
    try await ScriptedServer.with([[.text("late", .serviceUnavailable)]]) { servers, _, client in
      let error = await #expect(throws: ClientError.self) {
        try await client.allowLogReversion(of: 3)
      }
      guard case .outcomeUnknown? = error else {
        Issue.record("not told as unknown: \(String(describing: error))")
        return
      }
      #expect(servers[0].requests == [#"/allow-log-reversion {"node_id":3}"#])
    }
  }

  @Test("The verb takes a server's number")
  func arguments() throws {
    guard case .refill(let id, _) = try Invocation(["refill", "3"]) else {
      Issue.record("not understood")
      return
    }
    #expect(id == 3)
    #expect(throws: UsageError.self) { try Invocation(["refill", "any"]) }
    #expect(throws: UsageError.self) { try Invocation(["refill"]) }
  }

  @Test("A server that comes back with an older folder is named, and gets what it lost when told")
  func olderFolder() async throws {
    try await Program.withFolder { folder in
      let servers = ServerList()
      do {
        try await Self.putBack(2, of: servers, in: folder)
      } catch {
        await servers.killAll()
        throw error
      }
      await servers.killAll()
    }
  }

  private static func putBack(
    _ id: NodeID, of servers: ServerList, in folder: String
  ) async throws {
    for id in 1...3 {
      servers.add(
        try await ServerProcess.start(.init(UInt64(id)), program: Program.path, folder: folder))
    }
    let addresses = servers.all.map { String(describing: $0.api) }.joined(separator: ",")
    func run(_ words: String...) async throws -> Program.Outcome {
      try await Program.run(words + ["--cluster", addresses], in: folder)
    }
    try await servers.found()
    let server = try #require(servers.server(id))
    let data = "\(folder)/node-\(id)"
    await server.kill()
    try await Program.command("/bin/cp", "-a", data, "\(data)-older", in: folder)
    try await server.restart()
    #expect(try await run("put", "k", "v").ending == .exited(0))
    #expect(try await Self.await("0", in: 8, ofNode: id) { try await run("status") })
    await server.kill()
    try await Program.command("/bin/rm", "-r", data, in: folder)
    try await Program.command("/bin/mv", "\(data)-older", data, in: folder)
    try await server.restart()

    let trouble = "node \(id) is not kept up: the peer lost entries"
    #expect(try await Program.await { try await run("status").output.contains(trouble) })
    let refilled = try await run("refill", "\(id)")
    #expect(refilled.ending == .exited(0))
    #expect(refilled.output == "server \(id) gets what it lost\n")
    #expect(try await Self.await("0", in: 8, ofNode: id) { try await run("status") })
    #expect(try await run("status").output.contains("is not kept up") == false)
    #expect(try await run("refill", "\(id)").ending == .exited(1))
  }

  /// Asks for the table until a column of the node's row says so, for some seconds at most.
  private static func await(
    _ cell: String, in column: Int, ofNode id: NodeID,
    _ status: () async throws -> Program.Outcome
  ) async throws -> Bool {
    try await Program.await {
      for line in try await status().output.split(separator: "\n") {
        let cells = line.split(separator: " ")
        if cells.first == "\(id)", cells.count > column, cells[column] == cell { return true }
      }
      return false
    }
  }
}
