import Raft
import RaftCommandLine
import TestPace
import Testing

@testable import raft_kv

@Suite("Servers that lost their majority", .realTime, .timeLimit(.minutes(5)))
struct RecoverTests {
  @Test("The verb looks unless it is told the end of the log and a reason")
  func arguments() throws {
    guard case .recover(let look) = try Invocation(["recover", "--id", "1", "--data", "n1"]),
      case .recover(let order) = try Invocation([
        "recover", "--id=1", "--data=n1", "--unsafe", "--last", "T1-N1.4", "--reason", "why",
      ])
    else {
      Issue.record("not understood")
      return
    }
    #expect(look.order == nil)
    #expect(look.id == 1 && look.data == "n1")
    #expect(order.order == .init(last: "T1-N1.4", reason: "why"))
    for words in [
      ["--id", "1"], ["--data", "n1"], ["--id", "1", "--data", "n1", "--unsafe"],
      ["--id", "1", "--data", "n1", "--last", "T1-N1.4"],
      ["--id", "1", "--data", "n1", "--unsafe", "--last", "T1-N1.4"],
    ] {
      #expect(throws: UsageError.self) { try Invocation(["recover"] + words) }
    }
  }

  @Test("One folder of three is gone on with; the others come back empty")
  func twoOfThreeLost() async throws {
    try await Program.withFolder { folder in
      let servers = ServerList()
      do {
        try await Self.loseTwo(servers, in: folder)
      } catch {
        await servers.killAll()
        throw error
      }
      await servers.killAll()
    }
  }

  private static func loseTwo(_ servers: ServerList, in folder: String) async throws {
    for id in 1...3 {
      servers.add(
        try await ServerProcess.start(.init(UInt64(id)), program: Program.path, folder: folder))
    }
    try await servers.found()
    let one = servers.all[0]
    let data = "\(folder)/node-1"
    func run(_ words: [String]) async throws -> Program.Outcome {
      try await Program.run(words, in: folder)
    }
    let cluster = ["--cluster", servers.all.map { "\($0.api)" }.joined(separator: ",")]
    #expect(try await run(["put", "k", "v"] + cluster).ending == .exited(0))
    #expect(try await Self.hasCaughtUp { try await run(["status"] + cluster) })

    let recover = ["recover", "--id", "1", "--data", data]
    let locked = try await run(recover)
    #expect(locked.ending == .exited(2))
    #expect(locked.errors.contains("stop the server first"))
    await servers.killAll()
    for id in [2, 3] {
      try await Program.command("/bin/rm", "-r", "\(folder)/node-\(id)", in: folder)
    }

    let look = try await run(recover)
    #expect(look.ending == .exited(0))
    #expect(look.output.contains("Nothing was changed."))
    #expect(look.output.contains("left behind: node 2 ("))
    let last = try #require(
      look.output.split(separator: "--last ").last?.split(separator: " ").first.map(String.init))
    let wrong = try await run(recover + ["--unsafe", "--last", "T9-N9.9", "--reason", "why"])
    #expect(wrong.ending == .exited(1))
    #expect(wrong.errors.contains("nothing was recovered: the log ends at \(last)"))
    let json = try await run(recover + ["--format", "json"])
    #expect(json.output.contains(#""last":"\#(last)""#))
    #expect(json.output.hasSuffix("\"left_behind\":[2,3],\"performed\":false}\n"))
    let done = try await run(recover + ["--unsafe", "--last", last, "--reason", "Ann: burned"])
    #expect(done.ending == .exited(0))
    #expect(done.output.hasPrefix("unsafe recovery 1 at "))
    #expect(
      try await run(["recover", "--id", "1", "--data", "\(folder)/none"]).ending == .exited(2))

    try await one.restart()
    let alone = ["--cluster", "\(one.api)"]
    #expect(try await run(["get", "k"] + alone).output == "v\n")
    #expect(try await run(["status"] + alone).output.contains("without nodes 2, 3: Ann: burned"))
    #expect(try await run(recover).ending == .exited(2))
    let two = servers.all[1]
    try await two.restart()
    let join = try await run(["join", "2", "\(two.api)", "\(two.raft)"] + alone)
    #expect(join.ending == .exited(0))
    #expect(try await run(["get", "k", "--cluster", "\(two.api)"]).output == "v\n")
  }

  /// Looks until no server lacks anything, for some seconds at most.
  private static func hasCaughtUp(
    _ status: () async throws -> Program.Outcome
  ) async throws -> Bool {
    try await Program.await {
      let lines = try await status().output.split(separator: "\n")
      let lags = lines.compactMap { line -> Substring? in
        let cells = line.split(separator: " ")
        return cells.count == 9 && cells[0] != "NODE" ? cells[8] : nil
      }
      return lags == ["0", "0", "0"]
    }
  }
}
