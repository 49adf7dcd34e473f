import Raft
import RaftMemoryStore
import TestPace
import Testing

@testable import RaftSimulator

@Suite("What nodes recorded, side by side", .longRun)
struct RecordedRunTests {
  /// A machine that keeps nothing.
  private struct Forgetful: StateMachine {
    struct Nothing: FrozenState {
      func write(to sink: SnapshotSink) async throws {}
    }

    mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws {}
    mutating func freeze() async throws -> any FrozenState { Nothing() }
    mutating func restore(
      from snapshot: SnapshotMeta, reading content: any SnapshotReader
    ) async throws {}
  }

  /// A cluster of three that elected a leader and wrote something, and what each node recorded.
  private static func recordings() async throws -> [Recording] {
    let network = InProcessNetwork()
    var nodes: [RaftNode<Forgetful>] = []
    var configuration = Configuration()
    configuration.flightRecords = 4000
    // Few heartbeats: on a slow machine they would fill the recordings.
    configuration.heartbeatInterval = .seconds(2)
    configuration.electionTimeoutMin = .seconds(10)
    configuration.electionTimeoutMax = .seconds(20)
    for id in [1, 2, 3] as [NodeID] {
      let node = try RaftNode(
        id: id, machine: Forgetful(), logStore: MemoryLogStore(),
        snapshotStore: MemorySnapshotStore(), transport: network.transport(for: id),
        configuration: configuration)
      network.attach(node)
      nodes.append(node)
    }
    let runs = nodes.map { node in Task { try? await node.run() } }
    // Who does not run yet would not hear the candidate, and the next one comes after 10 s at best.
    for node in nodes { _ = try await node.withState { $0.applied } }
    try await nodes[0].bootstrap(with: nodes.map { Member(id: $0.id, address: "node-\($0.id)") })
    for node in nodes {
      try await node.wait(
        for: WaitCondition("applied its first entries") { $0.applied != nil },
        within: .seconds(20).patient)
    }
    let recordings = try nodes.map { try Recording($0.flightRecording()) }
    for node in nodes { await node.shutdown() }
    for run in runs { await run.value }
    return recordings
  }

  @Test("Messages go from the step that sent them to the step that they brought")
  func messages() async throws {
    let run = RecordedRun(try await Self.recordings())
    #expect(run.nodes == [1, 2, 3])
    #expect(run.notes.count == 2)
    #expect(run.notes[0].hasPrefix("0 s is 20"))
    #expect(run.notes[1].hasPrefix("cluster "))
    let timeline = run.timeline()
    #expect(timeline.steps.count == run.stepCount)
    #expect(timeline.steps.map(\.moment.step) == Array(1...run.stepCount))
    let times = timeline.steps.map(\.moment.time)
    #expect(times == times.sorted())
    let appends = timeline.messages.filter { $0.name == "append" }
    #expect(!appends.isEmpty)
    for message in timeline.messages {
      let sender = try #require(timeline.steps.first { $0.moment.step == message.sent.step })
      let arrival = try #require(message.arrivals.first)
      #expect(sender.node == message.from, "\(message)")
      #expect(sender.moment.order < arrival.order)
      let receiver = try #require(timeline.steps.first { $0.moment.step == arrival.step })
      #expect(receiver.node == message.to)
    }
    #expect(timeline.steps.contains { $0.changes.contains("candidate > leader") })
  }

  @Test("One node's recording shows its peers as lanes of which nothing else is known")
  func single() async throws {
    let recording = try await Self.recordings()[1]
    let timeline = RecordedRun([recording]).timeline()
    #expect(timeline.nodes.contains(1))
    #expect(timeline.steps.allSatisfy { $0.node == 2 })
    for message in timeline.messages {
      #expect(message.to == 2)
      #expect(message.arrivals.map(\.step) == [message.sent.step])
    }
    let text = TextTimeline(timeline, detail: .everything).text
    #expect(text.hasPrefix("What n2 recorded\n0 s is 20"))
    #expect(text.contains("! starts to record"))
    #expect(text.contains("< append from n1"))
  }

  @Test("What two recordings of one node both tell is told once")
  func overlap() async throws {
    let recording = try await Self.recordings()[0]
    #expect(RecordedRun([recording, recording]).stepCount == recording.stepCount)
  }

  @Test("The page of recordings is whole, and tells when its time begins")
  func page() async throws {
    let run = RecordedRun(try await Self.recordings())
    let page = ReportPage(run.timeline(command: "raft-sim replay a b c")).html
    #expect(TagBalance(of: page).complaint == nil)
    #expect(page.contains("0 s is 20"))
    #expect(page.contains("<code>raft-sim replay a b c</code>"))
  }

  @Test("Only the steps that were asked for are shown, under their own numbers")
  func range() async throws {
    let timeline = RecordedRun(try await Self.recordings()).timeline(of: 4...9)
    #expect(timeline.steps.map(\.moment.step) == Array(4...9))
  }

  @Test("Bytes that are no recording are refused with the reason")
  func unreadable() {
    let error = #expect(throws: UnreadableRecording.self) { try Recording([1, 2, 3]) }
    #expect(
      error?.description == "this is no flight recording: it does not begin with RAFTFREC")
  }

  @Test("What is damaged or missing in a recording is told")
  func losses() async throws {
    let network = InProcessNetwork()
    let node = try RaftNode(
      id: 1, machine: Forgetful(), logStore: MemoryLogStore(),
      snapshotStore: MemorySnapshotStore(), transport: network.transport(for: 1))
    let run = Task { try? await node.run() }
    try await node.bootstrap(with: [Member(id: 1, address: "node-1")])
    try await node.wait(for: .servingLeader, within: .seconds(20).patient)
    await node.shutdown()
    await run.value
    var bytes = try node.flightRecording()
    // The third record, and the end of the last one.
    bytes[4096 + 2 * 256] ^= 1
    bytes.removeLast(8)
    let recording = try Recording(bytes)
    #expect(
      recording.loss
        == "n1: damaged records, left out: 1, records that the file is too short for: 1")
    let recorded = RecordedRun([recording])
    #expect(recorded.notes.last == recording.loss)
    #expect(TextTimeline(recorded.timeline()).text.contains("! missing steps before"))
  }

  @Test("No recordings, and empty ones, make an empty timeline")
  func empty() {
    #expect(RecordedRun([]).timeline().steps.isEmpty)
  }
}
