import RaftCommandLine
import Testing

@testable import raft_chaos

@Suite("The command line of raft-chaos")
struct InvocationTests {
  private static func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  private func run(_ line: String) throws -> RunOptions? {
    guard case .run(let options) = try Invocation(Self.words(line)) else { return nil }
    return options
  }

  @Test("Rounds, their length, the seed and the families of faults can be chosen")
  func options() throws {
    let options = try #require(
      try self.run(
        "run --rounds 50 --seconds 3 --seed 7 --only network,allPowerCut --network relays "
          + "--format json --keep --lying-syncs"))
    #expect(options.rounds == 50)
    #expect(options.duration == .seconds(3))
    #expect(options.kinds == [.split, .leaderIsolated, .oneWay, .partial, .allPowerCut])
    #expect(options.shared.seed == 7)
    #expect(options.shared.network == .relays)
    #expect(options.shared.format == .json)
    #expect(options.shared.isKept)
    #expect(options.shared.syncsLie)
  }

  @Test("Without options there are a few rounds with all faults, and syncs do what they say")
  func defaults() throws {
    let options = try #require(try self.run("run"))
    #expect(options == RunOptions())
    #expect(options.kinds.count == FaultKind.allCases.count)
    #expect(!options.shared.syncsLie)
    guard case .flips(let flips) = try Invocation(["flips"]) else {
      Issue.record("no flips")
      return
    }
    #expect(flips.count == 60)
  }

  @Test(
    "What cannot be understood is answered by what was expected",
    arguments: [
      ("storm", "unknown verb 'storm'"),
      ("run --only weather", "--only 'weather': there are clocks, disks, membership"),
      ("run --rounds 0", "--rounds must be a number from 1 to 100000, not '0'"),
      ("flips --network wires", "--network must be auto or namespaces or relays, not 'wires'"),
    ])
  func mistakes(_ line: String, _ expected: String) throws {
    let error = try #require(throws: UsageError.self) { try Invocation(Self.words(line)) }
    #expect(error.problem.contains(expected), "\(error.problem)")
  }

  @Test("Every fault has a name of its own and a family")
  func kinds() {
    #expect(Set(FaultKind.allCases.map(\.rawValue)).count == FaultKind.allCases.count)
    #expect(
      Set(FaultKind.allCases.map(\.family)) == [
        "processes", "disks", "network", "clocks", "membership",
      ])
  }

  @Test("A control file has no fault in it, and keeps what it is told")
  func control() throws {
    let folder = try TemporaryFolder(prefix: "raft-chaos-tests-")
    defer { folder.remove() }
    let control = try FaultControl(at: folder.path + "/faults")
    #expect(control[.freeBytes] == -1)
    for word in [FaultControl.Word.failWrites, .failSyncs, .stall, .clockOffset, .lyingSyncs] {
      #expect(control[word] == 0)
    }
    control[.clockOffset] = -5_000_000_000
    control[.freeBytes] = 4096
    control[.stall] = 1
    #expect(control[.clockOffset] == -5_000_000_000)
    control.repairDisk()
    #expect(control[.freeBytes] == -1)
    #expect(control[.stall] == 0)
    #expect(control[.clockOffset] == -5_000_000_000)
  }
}
