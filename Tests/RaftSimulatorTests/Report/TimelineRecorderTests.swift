import Raft
import TestPace
import Testing

@testable import RaftSimulator

@Suite("What is recorded of a run", .longRun)
struct TimelineRecorderTests {
  @Test("A message is one thing from its sending to its arrival or loss")
  func messages() {
    let timeline = TraceScript.election.timeline()
    #expect(timeline.messages.map(\.name).count == 3)
    #expect(timeline.messages[0].text == "T1-N1")
    #expect(timeline.messages[0].sent.step == 4)
    #expect(timeline.messages[0].arrivals.map(\.step) == [5])
    #expect(timeline.messages[1].arrivals.isEmpty)
    #expect(timeline.messages[1].lost?.step == 4)
    #expect(timeline.steps[4].message == 1)
    #expect(
      timeline.steps[4].text == "voteRequested(VoteRequest(vote: T1-N1, lastLogID: T1-N1.0))")
  }

  @Test("A step knows its node before and after, and is unfinished if the run broke off in it")
  func states() {
    let timeline = TraceScript.election.timeline()
    #expect(timeline.steps[3].before?.role == .follower)
    #expect(timeline.steps[3].after?.role == .candidate)
    #expect(timeline.steps[3].commands == ["saveVote(T1-N1, 1)"])
    #expect(
      timeline.steps[5].changes
        == ["candidate > leader", "vote T1-N1*", "log - > T1-N1.1", "durable 1"])
    #expect(timeline.steps[6].changes.isEmpty)
    #expect(timeline.steps[7].after == nil)
  }

  @Test("A call keeps its question, its answer and its end")
  func calls() {
    let call = TraceScript.election.timeline().calls[0]
    #expect(call.question == "call 7: write")
    #expect(call.answer == "call 7: outcome unknown")
    #expect(call.ending == .unknown)
    #expect((call.ended?.time ?? 0) - call.asked.time == 400_000_000)
  }

  @Test("What lasts ends with what ended it")
  func spans() {
    let timeline = TraceScript.election.timeline()
    let spans = timeline.spans
    #expect(spans.map(\.kind) == [.cut, .down, .diskStalls])
    // The stall ends after the last step that was recorded, as all else does.
    #expect(spans.allSatisfy { $0.upTo == timeline.end })
    var script = TraceScript()
    script.fault("stands still", 1, .paused(until: 50_000_000))
    script.fault("stands still", 2, .paused(until: 50_000_000))
    script.wait(milliseconds: 10)
    script.fault("loses power", 1, .wentDown)
    script.wait(milliseconds: 45)
    script.step(2, "elapsed")
    script.fault("starts", 1, .cameUp)
    #expect(
      script.timeline().spans.map { [$0.from, $0.upTo] } == [[1, 3], [2, 4], [3, 5]])
  }

  @Test("Nodes are in one group if messages pass both ways, be it over others")
  func groups() {
    let links = [TraceMark.Link(from: 1, to: 3), .init(from: 4, to: 1), .init(from: 4, to: 2)]
    #expect(Timeline.groups(of: [1, 2, 3], without: links) == [[1, 2, 3]])
    #expect(Timeline.groups(of: [1, 2, 4], without: links) == [[1, 2], [4]])
    #expect(Timeline.groups(of: [1, 2, 3, 4], without: links) == [[1, 2, 3, 4]])
  }

  @Test("Only the last steps are kept, with the troubles that last into them")
  func bounded() {
    var script = TraceScript()
    script.fault("loses power", 3, .wentDown)
    script.fault("stands still", 2, .paused(until: 1))
    script.fault("starts", 2, .cameUp)
    script.fault("a link", nil, .linksCut([]))
    script.fault("a link", nil, .linksCut([TraceMark.Link(from: 1, to: 2)]))
    for number in 1...95 {
      script.wait(milliseconds: 1)
      script.step(1, "elapsed")
      let message = script.send("heartbeat", "\(number)", from: 1, to: 2)
      script.done(1)
      script.step(2, "appendReceived", message: message, from: 1)
      script.done(2)
    }
    let timeline = script.timeline(stepsMax: 10)
    #expect(timeline.steps.map(\.moment.step) == Array(181...190))
    #expect(timeline.omittedSteps == 180)
    #expect(timeline.messages.map(\.text) == ["91", "92", "93", "94", "95"])
    #expect(timeline.faults.map(\.text) == ["loses power", "a link"])
    #expect(timeline.nodes == [1, 2, 3])
  }

  @Test("A simulated run is recorded without gaps")
  func simulation() {
    var recorder = TimelineRecorder(title: "seed 3", stepsMax: 1_000_000)
    let report = Simulation(Scenario(seed: 3, steps: 1500, nodeCount: 3)).run {
      recorder.record($0)
    }
    let timeline = recorder.finish(with: report.violation)
    #expect(timeline.steps.map(\.moment.step) == Array(1...report.steps))
    #expect(timeline.steps.allSatisfy { $0.after != nil })
    let brought = timeline.messages.reduce(0) { $0 + $1.arrivals.count }
    #expect(brought == timeline.steps.count { $0.message != nil })
    for message in timeline.messages {
      #expect(message.arrivals.allSatisfy { $0.time > message.sent.time })
    }
    #expect(timeline.calls.contains { $0.ending == .answered })
  }
}
