import RaftConcurrency
import Testing

@testable import Raft

@Suite("Work that only a leader does", .timeLimit(.minutes(5)))
struct LeadershipTests {
  /// What happened, in its order.
  final class Journal: Sendable {
    private let lines = Guarded<[String]>([])

    var all: [String] { self.lines.withLock { $0 } }

    func add(_ line: String) { self.lines.withLock { $0.append(line) } }
  }

  struct Trouble: Error, Equatable {}

  /// A node that never ran, so that a test may show whatever metrics it likes.
  private static func show(_ leadership: LeaderID?, on node: RaftNode<GatedLedger>) {
    var metrics = node.metrics
    metrics.state = leadership == nil ? .follower : .leader
    if let leadership { metrics.vote = Vote(leader: leadership, isCommitted: true) }
    node.core.board.publish(metrics)
  }

  @Test("From one leadership straight to the next, the first one's work ends before")
  func alternation() async throws {
    let node = try SoloNode().node
    let journal = Journal()
    let (first, second) = (Gate(), Gate())
    let watch = Task {
      await node.whileLeading { leadership in
        journal.add("start \(leadership.leaderID)")
        await (leadership.leaderID.term == 1 ? first : second).pass()
        for await _ in node.watch(\.committed) {}
        // The end of one work takes its time.
        for _ in 0..<100 { await Task.yield() }
        journal.add("stop \(leadership.leaderID)")
      }
    }
    Self.show(LeaderID(term: 1, node: 1), on: node)
    await first.reached()
    Self.show(LeaderID(term: 3, node: 1), on: node)
    first.open()
    await second.reached()
    Self.show(nil, on: node)
    second.open()
    await node.shutdown()
    await watch.value
    #expect(journal.all == ["start T1-N1", "stop T1-N1", "start T3-N1", "stop T3-N1"])
  }

  @Test("Work that ends by itself is done once in a leadership, and again in the next")
  func once() async throws {
    let node = try SoloNode().node
    let journal = Journal()
    let (first, second) = (Gate(), Gate())
    let watch = Task {
      await node.whileLeading { leadership in
        journal.add("\(leadership.leaderID)")
        await (leadership.leaderID.term == 1 ? first : second).pass()
      }
    }
    Self.show(LeaderID(term: 1, node: 1), on: node)
    await first.reached()
    first.open()
    // Other news of the same leadership is none to its work.
    var metrics = node.metrics
    metrics.committed = LogID(term: 1, node: 1, index: 1)
    node.core.board.publish(metrics)
    Self.show(LeaderID(term: 2, node: 1), on: node)
    await second.reached()
    second.open()
    await node.shutdown()
    await watch.value
    #expect(journal.all == ["T1-N1", "T2-N1"])
  }

  @Test("What the work throws ends the watch")
  func failure() async throws {
    let node = try SoloNode().node
    Self.show(LeaderID(term: 1, node: 1), on: node)
    let watch = outcome { () async throws(Trouble) in
      try await node.whileLeading { (_) async throws(Trouble) in throw Trouble() }
    }
    #expect(await watch.value.failure == Trouble())
  }

  @Test("Cancelling the watch cancels the work and waits for it")
  func cancellation() async throws {
    let node = try SoloNode().node
    let journal = Journal()
    let gate = Gate()
    Self.show(LeaderID(term: 1, node: 1), on: node)
    let watch = Task {
      await node.whileLeading { _ in
        await gate.pass()
        journal.add(Task.isCancelled ? "cancelled" : "goes on")
      }
    }
    await gate.reached()
    watch.cancel()
    gate.open()
    await watch.value
    #expect(journal.all == ["cancelled"])
  }

  @Test("In a cluster, leadership that wanders starts and stops the work in turn")
  func cluster() async throws {
    try await withCluster { cluster in
      let first = try await cluster.form([1, 2, 3])
      let journal = Journal()
      let (started, again) = (Gate(), Gate())
      let earlier = first.metrics.leadership
      let watch = Task {
        await first.whileLeading { leadership in
          journal.add("start")
          await (leadership.leaderID == earlier ? started : again).pass()
          for await _ in first.watch(\.self) {}
          journal.add("stop")
        }
      }
      await started.reached()
      let second = try await first.transferLeadership()
      started.open()
      try await cluster.node(second).wait(for: .servingLeader, within: TestCluster.limit)
      try await cluster.node(second).transferLeadership(to: first.id)
      await again.reached()
      again.open()
      await cluster.stop(first.id)
      await watch.value
      #expect(journal.all == ["start", "stop", "start", "stop"])
    }
  }
}
