import Testing

@testable import RaftSimulator

@Suite("The language of transcripts")
struct TranscriptLanguageTests {
  private static func error(_ text: String) -> String? {
    do throws(TranscriptError) {
      _ = try Transcript(named: "f", text: text)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("Every form is a line that can be read, once its words are filled in")
  func forms() throws {
    let lines = [
      "cluster 3 voters 1 learner 2 spares", "rule one-per-term",
      "limits batch 2 window 3 snapshots 4 keep 0", "prevote off", "log 1: 1 2/3 3=[1,2]&[2,3]+{4}",
      "vote 2: T3-N1*", "committed 1: 1", "found 4: 4 5", "elect 1", "transfer 1 -> 2",
      "transfer 1",
      "change 1 add-learners 4 + voters 1 2 4 keep", "write 1 a=7", "fill 1 20", "read 2 a by 1",
      "look 2 a", "cut 1 -> 2", "cut 1 <-> 2", "mend 1 <-> 2", "isolate 1 2", "split 1 | 2 3",
      "heal", "hold appends 1 -> 2", "hold votes 1 -> 2 after 3", "hold messages 1 <-> 2",
      "drop votes 1 -> 2",
      "duplicate append-answers 1 -> 2", "release", "crash 1 2", "stop 1", "start 1", "wipe 1",
      "pause 1 2s", "clock 1 5s", "stall 1", "resume 1", "fail 1", "snapshot 1",
      "ask 1 for T5-N2 with nothing",
      "ask 1 before T5-N2 with T1-N1.3",
      "tell 2 T5-N1* after T1-N1.3 entries T5-N1.4 committed T1-N1.3", "advance 200ms",
      "until leader", "until 2 follows", "show", "show 1 2", "logs 3",
    ]
    var words: Set<CommandWord> = []
    for line in lines {
      _ = try TranscriptCommand(line)
      words.insert(try #require(CommandWord(rawValue: String(line.prefix { $0 != " " }))))
    }
    #expect(words.count == CommandWord.allCases.count)
  }

  @Test(
    "What cannot be read is an error that names the line, and what is possible",
    arguments: [
      ("cluster 3 voters\n\nelct 1", "f:3: there is no command 'elct'; there are cluster, rule"),
      ("cluster 3 voters\nelect x", "f:2: a node is a number from 1 to 9, not 'x'"),
      ("cluster 3 voters\nelect", "f:2: a node is missing; the form is 'elect NODE'"),
      ("cluster 3 voters\nelect 1 2", "f:2: '2' is one word too many; the form is 'elect NODE'"),
      ("cluster 3 voters\nwrite 1 e=1", "f:2: what is written is a register and a number"),
      ("cluster 3 voters\nwrite 1 a=1000", "f:2: what is written is a register and a number"),
      ("cluster 3 voters\nhold words 1 -> 2", "f:2: there is no kind 'words'; there are messages"),
      ("cluster 3 voters\ncut 1 2", "f:2: '2' stands where '->' or '<->' belongs"),
      ("cluster 3 voters\ncut 1 -> 1", "f:2: node 1 needs no way to itself"),
      (
        "cluster 3 voters\nadvance 5",
        "f:2: a duration is written as 200ms or 3s, up to 600s, not '5'"
      ),
      (
        "cluster 3 voters\nadvance 9m",
        "f:2: a duration is written as 200ms or 3s, up to 600s, not '9m'"
      ),
      ("cluster 3 voters\nadvance 601s", "f:2: a duration is written as 200ms or 3s, up to 600s"),
      ("cluster 3 voters\nlog 1: 18446744073709551615", "f:2: an entry is written as 3, 3/2"),
      ("cluster 3 voters\nask 1 for T10000-N1 with nothing", "f:2: a vote is written as T3-N1"),
      ("cluster 10 voters", "f:1: a cluster has 1 to 9 nodes"),
      ("cluster 3 kings", "f:1: there are voters, witnesses, learners and spares, not 'kings'"),
      ("cluster 3 voters\nlog 1: 1 x", "f:2: an entry is written as 3, 3/2 or 3/2=[1,2], not 'x'"),
      ("cluster 3 voters\nlog 1: 1=(1)", "f:2: a membership is written as [1,2]&[2,3]+{4}"),
      ("cluster 3 voters\nvote 1: T1", "f:2: a vote is written as T3-N1, or T3-N1* if a quorum"),
      ("cluster 3 voters\nchange 1 add 2", "f:2: there is no change 'add'; there are add-learners"),
      ("elect 1", "f:1: the first command must be 'cluster', as in 'cluster 3 voters'"),
      ("cluster 1 voter\ncluster 1 voter", "f:2: a second cluster; a transcript has one"),
      ("cluster 1 voter\nelect 1\nlog 1: 1", "f:3: nodes are prepared before the first command"),
      ("  reply\ncluster 1 voter", "f:1: a reply without a command right above it"),
      ("cluster 1 voter\n# why\n  reply", "f:3: a reply without a command right above it"),
    ])
  func errors(text: String, expected: String) {
    #expect(Self.error(text)?.hasPrefix(expected) == true, "\(Self.error(text) ?? "no error")")
  }

  @Test("The first comment names the scenarios")
  func scenarios() throws {
    let text = "# S7, S12: Something.\n# only: engines, for a reason\ncluster 1 voter\n"
    let transcript = try Transcript(named: "f", text: text)
    #expect(transcript.scenarios == ["S7", "S12"])
    #expect(transcript.simulators == [.engines])
    #expect(try Transcript(named: "f", text: "# Something.\n").scenarios == [])
  }
}
