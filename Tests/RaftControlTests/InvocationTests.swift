import Raft
import RaftCommandLine
import Testing

@testable import raftctl

@Suite("The words behind raftctl are understood, or answered with what is wrong")
struct InvocationTests {
  @Test("Each verb takes a folder, and a format")
  func takesFolders() throws {
    #expect(try Invocation(["log", "inspect", "n1"]) == .inspectLog(FolderOptions(folder: "n1")))
    #expect(
      try Invocation(["log", "verify", "n1", "--format", "json"])
        == .verifyLog(FolderOptions(folder: "n1", format: .json)))
    #expect(
      try Invocation(["snapshot", "inspect", "n1", "--content"])
        == .inspectSnapshots(FolderOptions(folder: "n1"), content: .checked))
  }

  @Test("A dump has bounds in a table, and none in JSON unless they are asked for")
  func bindsDumps() throws {
    guard case .dumpLog(let table) = try Invocation(["log", "dump", "n1"]),
      case .dumpLog(let json) = try Invocation([
        "log", "dump", "n1", "--format=json", "--from=3", "--through=9", "--bytes", "1k",
      ])
    else {
      Issue.record("not understood")
      return
    }
    #expect(table.limit == 1000 && table.byteLimit == 48 && table.from == nil)
    #expect(json.limit == .max && json.byteLimit == 1000)
    #expect(json.from == 3 && json.through == 9)
  }

  @Test(
    "What cannot be understood is told, with the verb that was meant",
    arguments: [
      (["log", "inpect", "n1"], "did you mean 'log inspect'"),
      (["log", "verify"], "FOLDER is missing"),
      (["log", "verify", "a", "b"], "'b' is one word too many"),
      (["logs"], "unknown verb 'logs'"),
      (["log", "dump", "n1", "--from", "9", "--through", "3"], "--from 9 lies behind --through 3"),
      (["log", "dump", "n1", "--frm", "3"], "did you mean --from"),
      (["log", "inspect", "n1", "--format", "text"], "must be table or json"),
    ])
  func explains(_ words: [String], _ expected: String) {
    #expect {
      try Invocation(words)
    } throws: {
      guard let error = $0 as? UsageError else { return false }
      return error.problem.contains(expected) && error.code == .usage
    }
  }

  @Test("Help is there for the program and for each verb", arguments: Verb.allCases)
  func helps(_ verb: Verb) throws {
    let words = verb.rawValue.split(separator: " ").map(String.init)
    #expect(try Invocation(words + ["--help"]) == .help(verb))
    #expect(try Invocation(["help"] + words) == .help(verb))
    #expect(try Invocation(Array(words.prefix(1))) == .help(nil))
    #expect(verb.help.contains("Usage: raftctl \(verb.rawValue) FOLDER"))
    #expect(Guide.overview.contains(verb.rawValue))
  }
}
