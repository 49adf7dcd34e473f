import Glibc
import Raft
import RaftCommandLine
import RaftHTTP
import Synchronization
import TestPace
import Testing

@testable import raft_kv

@Suite("Processes that are killed", .realTime, .serialized, .timeLimit(.minutes(5)))
struct DemoTests {
  private static func writeLines(_ count: Int, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    for number in 1...count { fputs("line \(number) of \(count)\n", file) }
    fclose(file)
  }

  /// The numbers of the processes that the demonstration tells of.
  private static func pids(in output: String) -> [pid_t] {
    output.split(separator: "process ").dropFirst().compactMap { text in
      pid_t(text.prefix { $0.isNumber })
    }
  }

  @Test("The demonstration loses its leader and no line, and leaves nothing behind")
  func demo() async throws {
    try await Program.withFolder { folder in
      try Self.writeLines(600, to: "\(folder)/lines.txt")
      let outcome = try await Program.run(
        ["demo", "--load", "\(folder)/lines.txt"], in: folder, within: .seconds(60).patient)
      let output = outcome.output
      #expect(outcome.ending == .exited(0), "\(output)\(outcome.errors)")
      #expect(output.contains("is killed (SIGKILL)"))
      #expect(output.contains("all 600 lines are acknowledged"))
      #expect(output.contains("all 601 acknowledged writes are read back, byte for byte"))
      #expect(output.hasSuffix("nothing was lost or changed\n"))
      let pids = Self.pids(in: output)
      #expect(pids.count >= 3)
      #expect(pids.filter(Program.isRunning) == [])
      let data = try #require(output.split(separator: "their data in ").dropFirst().first)
      #expect(access(String(data.prefix { !$0.isNewline }), F_OK) != 0)
    }
  }

  @Test(
    "An interrupted demonstration ends its servers and removes their data",
    arguments: [
      SIGTERM, SIGINT, SIGKILL,
    ])
  func interrupted(signal: Int32) async throws {
    try await Program.withFolder { folder in
      // Enough that it is still under way when the signal comes.
      try Self.writeLines(200_000, to: "\(folder)/lines.txt")
      let demo = try await Program.start(
        ["demo", "--load", "\(folder)/lines.txt"], in: folder)
      defer { demo.signal(SIGKILL) }
      #expect(try await Program.await { demo.output.contains("form a cluster") })
      let pids = Self.pids(in: demo.output)
      #expect(pids.count == 3)
      #expect(pids.filter(Program.isRunning) == pids)
      demo.signal(signal)
      let expected: ChildProcess.Ending =
        switch signal {
        case SIGTERM: .exited(143)
        case SIGINT: .exited(130)
        default: .killed(signal: SIGKILL)
        }
      #expect(await demo.end(within: .seconds(20).patient) == expected)
      // A killed demonstration cannot wait for its servers; the system ends them.
      #expect(try await Program.await { pids.allSatisfy { !Program.isRunning($0) } })
      let data = try #require(demo.output.split(separator: "their data in ").dropFirst().first)
      let path = String(data.prefix { !$0.isNewline })
      #expect((access(path, F_OK) == 0) == (signal == SIGKILL))
      if signal == SIGKILL { TemporaryFolder(existing: path).remove() }
    }
  }

  @Test("What was acknowledged is there after all servers were killed at once")
  func killAll() async throws {
    try await Program.withFolder { folder in
      try Self.writeLines(3000, to: "\(folder)/lines.txt")
      let servers = ServerList()
      do {
        try await Self.killAll(servers, folder)
      } catch {
        await servers.killAll()
        throw error
      }
      await servers.killAll()
    }
  }

  private static func killAll(_ servers: ServerList, _ folder: String) async throws {
    for id in 1...3 {
      servers.add(
        try await ServerProcess.start(.init(UInt64(id)), program: Program.path, folder: folder))
    }
    let loop = try EventLoop.start(named: "test-kill")
    let http = HTTPClient(on: loop)
    let patience = KVClient.Patience(
      total: .seconds(20).patient, attempt: .seconds(3).patient, pause: .milliseconds(100))
    let client = KVClient(servers.all.map(\.api), http: http, patience: patience)
    try await client.found(at: servers.all[0].api)
    for server in servers.all.dropFirst() {
      try await client.addLearner(server.id, api: server.api, raft: server.raft)
    }
    try await client.changeMembership([1, 2, 3])

    let ledger = Ledger()
    let loader = Loader(
      client: client, source: try LineSource(path: "\(folder)/lines.txt"), concurrency: 32)
    let loading = Task { try await loader.run { line, receipt in ledger.note(line, receipt) } }
    #expect(await ledger.reaching(1000).value(within: .seconds(60).patient) != nil)
    await servers.killAll()
    loading.cancel()
    _ = await loading.result
    let acknowledged = ledger.lines
    #expect(acknowledged.count >= 1000)
    #expect(acknowledged.count < 3000)

    for server in servers.all { try await server.restart() }
    var lost: [Line] = []
    for start in stride(from: 0, to: acknowledged.count, by: 100) {
      let lines = acknowledged[start...].prefix(100)
      try await withThrowingTaskGroup(of: Line?.self) { group in
        for line in lines {
          group.addTask {
            let found = try await client.read(Key(line.key))
            return found?.value.utf8.elementsEqual(line.text.utf8) == true ? nil : line
          }
        }
        for try await line in group {
          if let line { lost.append(line) }
        }
      }
    }
    #expect(lost == [])
    await http.close()
    await loop.shutdown()
  }
}
