import Raft
import RaftFileStore
import RaftStoreTesting
import TestPace
import Testing

/// A part of this runs with all tests; `make crash-suite` runs the whole.
@Suite("Crash suite: before each file operation, in every manner", .longRun, .serialized)
struct CrashSuiteTests {
  static let lives: [CrashLife] = {
    let seeds = (0..<CrashScale.count(part: 1, whole: 6)).map { UInt64($0 + 1) }
    let scenarios =
      [
        ("the life of the crash tests", LifeTests.steps),
        ("the fixtures' life", FixtureTests.steps),
      ]
      + seeds.map { ("life \($0)", RandomSteps.draw(50, seed: $0)) }
    return scenarios.flatMap { name, steps in
      [SegmentAllocation.prewritten, .asWritten].map {
        CrashLife(name: name, steps: steps, segmentSize: 1400, allocation: $0)
      }
    }
  }()

  /// What a crash at this operation may leave; all manners, or some in turns.
  private static func modes(_ operation: Int) -> [CrashMode] {
    let seed = UInt64(operation)
    let all: [CrashMode] = [
      .dropUnsynced, .prefix(seed: seed), .sectors(seed: seed), .keepAll,
      operation % 2 == 0 ? .torn(seed: seed) : .scattered(seed: seed),
    ]
    return CrashScale.current == .whole ? all : [all[operation % 5]]
  }

  @Test(
    "What was reported is there after a crash before each operation, and nothing that was not begun",
    arguments: Self.lives)
  func crashes(_ life: CrashLife) async throws {
    var judge = CrashJudge(life)
    let moments = try await life.live()
    #expect(moments.map(\.operation) == Array(1...moments.count))
    #expect(moments.last?.acknowledged == life.lastReported)
    for moment in moments {
      let isWanted = CrashScale.current == .whole || moment.operation % 3 == 0
      for mode in isWanted ? Self.modes(moment.operation) : [] {
        try await judge.expect(moment, after: mode)
      }
    }
    CrashScale.report(judge.count, of: "crashes, \(life.testDescription)")
  }

  @Test(
    "A start that crashes itself, before each of its operations, harms nothing",
    arguments: Self.lives)
  func crashesOfStarts(_ life: CrashLife) async throws {
    var judge = CrashJudge(life)
    let moments = try await life.live()
    let step = CrashScale.count(part: 29, whole: 6)
    for place in stride(from: 0, to: moments.count, by: step) {
      let seed = UInt64(place)
      for mode in [CrashMode.sectors(seed: seed), .prefix(seed: seed)] {
        try await judge.expectStarts(moments[place], after: mode)
      }
    }
    CrashScale.report(judge.count, of: "crashes of starts, \(life.testDescription)")
  }

  @Test(
    "What was reported is there after a failure of each operation, with the power on or off",
    arguments: Self.lives)
  func failures(_ life: CrashLife) async throws {
    var judge = CrashJudge(life)
    let count = try await life.countOperations()
    for operation in stride(from: 1, through: count, by: CrashScale.count(part: 11, whole: 1)) {
      for fault in FileFault.allCases {
        let end = try await life.live(failingAt: operation, with: fault)
        for mode in [CrashMode.dropUnsynced, .keepAll] {
          try await judge.expect(end, after: mode)
        }
      }
    }
    CrashScale.report(judge.count, of: "failures, \(life.testDescription)")
  }
}
