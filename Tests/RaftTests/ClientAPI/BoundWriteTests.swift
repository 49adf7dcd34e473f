import Testing

@testable import Raft

@Suite("Writes that are bound to a leadership", .timeLimit(.minutes(5)))
struct BoundWriteTests {
  private static let first = LeaderID(term: 1, node: 1)

  @Test("Under the named leadership they are taken, under any other one refused with the leader")
  func bound() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      #expect(try await solo.node.write([1], as: Self.first) == 2)
      let other = LeaderID(term: 2, node: 1)
      let itself = LeaderHint(id: 1, member: solo.node.member(1))
      await #expect(throws: WriteError.notLeader(itself)) {
        try await solo.node.write([2], as: other)
      }
      #expect(try await solo.lines().map(\.command) == [[1]])
    }
  }

  @Test("Among many, those bound to another leadership are refused; the rest keep their order")
  func mixed() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let ear = Hearing<GatedLedger>()
      for number in 0..<6 as Range<UInt8> {
        let leadership =
          number % 3 == 1 ? LeaderID(term: 9, node: 1) : number % 3 == 2 ? Self.first : nil
        try solo.node.submit(
          [UInt8](repeating: number, count: Int(number) + 1),
          responder: ear.responder("\(number)"), boundTo: leadership)
      }
      let words = await ear.words(atLeast: 10)
      let refused = words.filter { $0.result?.failure != nil }.map(\.name)
      #expect(refused == ["1", "4"])
      #expect(
        try await solo.lines().map(\.command)
          == [0, 2, 3, 5].map { [UInt8](repeating: $0, count: Int($0) + 1) })
    }
  }

  @Test(
    "A write batch gives up misplaced writes in the middle, and keeps bytes and places of others")
  func takesOut() {
    var batch = Mailbox.WriteBatch()
    let bounds: [LeaderID?] = [
      nil, Self.first, LeaderID(term: 2, node: 1), nil, LeaderID(term: 3, node: 1),
    ]
    for (number, leadership) in bounds.enumerated() {
      let first = batch.ends.count
      for _ in 0...number % 2 {
        batch.payloads.write([UInt8](repeating: UInt8(number), count: number + 1))
        batch.ends.append(UInt32(batch.payloads.buffer.count))
      }
      batch.writers.append(
        Writer(
          first: first, last: batch.ends.count - 1, form: .single,
          token: ReplyToken(raw: UInt(number))))
      if let leadership { batch.bounds.append((number, leadership)) }
    }
    let taken = batch.takeWriters(boundToOtherThan: Self.first)
    #expect(taken.map(\.token.raw) == [2, 4])
    #expect(batch.writers.map(\.token.raw) == [0, 1, 3])
    #expect(batch.writers.map(\.first) == [0, 1, 3] && batch.writers.map(\.last) == [0, 2, 4])
    #expect(batch.payloads.buffer == [0, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3])
    #expect(batch.ends == [1, 3, 5, 9, 13])
    #expect(batch.bounds.isEmpty)
  }

  @Test("A leader's handle serves while the leadership lasts, and never the next one of its node")
  func handle() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      let leadership = try old.asLeader()
      #expect(leadership.leaderID == old.metrics.vote.leader && leadership.isCurrent)
      #expect(leadership.lastQuorumContact != nil)
      let first = try await leadership.write([1])
      let next = try await leadership.write(contentsOf: [[2], [3]])
      #expect(next.count == 2 && next[0] > first && next[1] == next[0].next)
      let barrier = try await leadership.writeBarrier()
      #expect(barrier.leader == leadership.leaderID && barrier.index > next[1])
      #expect(try await leadership.read { $0.lines.count } == 3)
      try await leadership.changeMembership(.addLearners([TestCluster.member(4)]))
      let successor = cluster.node(try await leadership.transferLeadership())
      try await successor.wait(for: .servingLeader, within: TestCluster.limit)
      try await successor.transferLeadership(to: old.id)
      try await old.wait(for: .servingLeader, within: TestCluster.limit)
      try await Self.isOver(leadership, on: old)
    }
  }

  private static func isOver(
    _ leadership: RaftNode<Ledger>.Leadership, on node: RaftNode<Ledger>
  ) async throws {
    let itself = node.leader
    #expect(itself?.id == node.id && !leadership.isCurrent)
    #expect(leadership.lastQuorumContact == nil)
    await #expect(throws: WriteError.notLeader(itself)) { try await leadership.write([9]) }
    await #expect(throws: WriteError.notLeader(itself)) { try await leadership.writeBarrier() }
    await #expect(throws: ReadError.notLeader(itself)) {
      try await leadership.read { $0.lines.count }
    }
    await #expect(throws: MembershipChangeError.notLeader(itself)) {
      try await leadership.changeMembership(.addLearners([TestCluster.member(5)]))
    }
    await #expect(throws: TransferError.notLeader(itself)) {
      try await leadership.transferLeadership()
    }
    #expect(try await node.asLeader().write([4]) > 0)
    #expect(try await node.lines().map(\.command) == [[1], [2], [3], [4]])
  }

  @Test("A node that does not lead gives no handle, and says who does")
  func noHandle() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let follower = cluster.node(others(than: leader.id)[0])
      try await follower.wait(for: .leader(leader.id), within: TestCluster.limit)
      #expect(leader.isLeader && !follower.isLeader)
      let hint = LeaderHint(id: leader.id, member: leader.member(leader.id))
      #expect(follower.leader == hint && hint.member != nil)
      #expect(throws: ReadError.notLeader(hint)) { try follower.asLeader() }
      await cluster.stop(follower.id)
      #expect(throws: ReadError.stopped(.shutdown)) { try follower.asLeader() }
    }
  }
}
