import RaftEngine
import TestPace
import Testing

@testable import RaftSimulator

@Suite("Plain words", .longRun)
struct PlainWordsTests {
  @Test("Inputs and commands are told without names of types")
  func words() {
    let vote = Vote(leader: LeaderID(term: 2, node: 1), isCommitted: false)
    #expect(PlainWords.of(Input.elapsed) == "elapsed")
    #expect(
      PlainWords.of(Input.applied(through: LogID(term: 1, node: 1, index: 4)))
        == "applied (through T1-N1.4, byte count 0)")
    #expect(
      PlainWords.of(Command.saveVote(vote, IOID(sequence: 3, vote: vote, logID: nil)))
        .hasPrefix("save vote (T2-N1, #3 T2-N1"))
    #expect(PlainWords.of(Command.truncate(after: nil)) == "truncate (after nothing)")
    #expect(PlainWords.of(Command.refuseProposed(.noQuorum)) == "refuse proposed (no quorum)")
  }

  @Test(
    "Names become words",
    arguments: [
      ("crashDuringChange", "crash during change"), ("lastLogID", "last log ID"),
      ("isGranted", "granted"), ("vote", "vote"), ("IOError", "IO error"), ("one", "one"),
    ])
  func names(name: String, words: String) {
    #expect(PlainWords.split(name) == words)
  }
}
