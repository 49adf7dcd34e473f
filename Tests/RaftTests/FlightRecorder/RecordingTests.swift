import Testing

@testable import Raft

@Suite("The flight recorder and its bytes")
struct RecordingTests {
  private static let vote = Vote(leader: LeaderID(term: 3, node: 2), isCommitted: true)
  private static let logID = LogID(term: 3, node: 2, index: 41)
  private static let sent = Sent(peer: 2, session: 7, message: 9, at: Instant(nanoseconds: 5))

  @Test("A recording holds what was told, when, and what the node was afterwards")
  func content() throws {
    var recorded = try RecordedEngine(capacity: 8)
    let membership = try Membership(
      voters: [Member(id: 1, address: "a")],
      terms: Membership.Terms(cluster: nil, leadershipRule: .manyPerTerm, largestPromise: 1))
    recorded.step(.bootstrapRequested(membership, timestamp: .epoch, Ticket(4)), at: 2)
    let recording = try FlightRecording(recorded.bytes)
    #expect(recording.header.node == 1)
    #expect(recording.header.incarnation == Incarnation(0xAB))
    #expect(recording.header.cluster == recorded.engine.cluster)
    #expect(recording.kinds == [.started, .bootstrapRequested])
    #expect(recording.entries.map(\.time) == [5_000_000_000, 5_002_000_000])
    let record = recording.entries[1].record
    #expect(record.told.description == "bootstrapRequested(1 members, question 4)")
    let state = try #require(record.state)
    #expect(state.role == recorded.engine.serverState)
    #expect(state.vote == recorded.engine.vote)
    #expect(state.last == recorded.engine.log.last)
    #expect(state.committed == recorded.engine.committed)
    #expect(state.applied == recorded.engine.applied)
    #expect(state.membership == recorded.engine.membership.effective.logID)
    #expect(state.leader == recorded.engine.leader)
    #expect(state.commands.contains([.saveVote, .appendEntries]))
    #expect((recording.tornCount, recording.cutCount) == (0, 0))
  }

  @Test(
    "What a peer said can be read again",
    arguments: [
      (
        Input.appendReceived(
          AppendHeader(
            vote: vote, previous: logID, committed: logID, promise: 1, session: 1),
          [
            EntryRun(
              leader: vote.leader, first: 42, count: 3, byteCount: 99, kind: .command,
              timestamp: .epoch)
          ], from: Sender(node: 2, cluster: nil), Ticket(1)),
        """
        appendReceived(from n2, T3-N2*, after 41 of term 3, 3 entries of 99 bytes, committed 41)
        """
      ),
      (
        .voteRequested(
          VoteRequest(vote: vote.uncommitted, lastLogID: logID, transferredFrom: vote),
          from: Sender(node: 2, cluster: nil), Ticket(1)),
        "voteRequested(from n2, T3-N2, log through T3-N2.41, asked to take over in term 3)"
      ),
      (
        .appendAnswered(.matched(through: logID), sent),
        "appendAnswered(from n2, matched through 41 of term 3, session 7 message 9)"
      ),
      (
        .appendAnswered(.conflict(rejected: logID, hint: nil), sent),
        "appendAnswered(from n2, conflict at 41, hint nothing, session 7 message 9)"
      ),
      (
        .appendAnswered(.higherVote(vote), sent),
        "appendAnswered(from n2, holds T3-N2*, session 7 message 9)"
      ),
      (
        .voteAnswered(
          VoteResponse(vote: vote, isGranted: false, lastLogID: nil), from: 2,
          under: Vote(leader: LeaderID(term: 2, node: 1), isCommitted: false)),
        "voteAnswered(from n2, refused under T2-N1, holds T3-N2*, log through nothing)"
      ),
      (
        .snapshotAnswered(vote, through: logID, sent),
        "snapshotAnswered(from n2, holds T3-N2*, through 41, session 7 message 9)"
      ),
      (
        .transferRequested(TransferRequest(from: vote, to: 1, lastLogID: logID), Ticket(1)),
        "transferRequested(from n2, T3-N2* wants n1, log through 41 of term 3)"
      ),
      (
        .transferWanted(to: 3, within: 500, Ticket(8)),
        "transferWanted(to n3 within 500 ns, question 8)"
      ),
      (
        .transferWanted(to: nil, within: nil, Ticket(8)), "transferWanted(to anybody, question 8)"
      ),
      (
        .transferAnswered(.accepted, from: 2, under: vote),
        "transferAnswered(from n2, accepted under T3-N2)"
      ),
      (
        .transferAnswered(
          .voteChanged(
            expected: vote, actual: Vote(leader: LeaderID(term: 4, node: 3), isCommitted: true)),
          from: 2, under: vote),
        "transferAnswered(from n2, refused under T3-N2, holds T4-N3*)"
      ),
      (
        .transferAnswered(.logNotFlushed(expected: logID, actual: nil), from: 2, under: vote),
        """
        transferAnswered(from n2, refused under T3-N2, log durable through nothing, not 41 of \
        term 3)
        """
      ),
      (
        .transferAnswered(nil, from: 2, under: vote),
        "transferAnswered(from n2, no answer under T3-N2)"
      ),
      (
        .flushed(IOID(sequence: 12, vote: vote, logID: logID)),
        "flushed(write 12, vote T3-N2*, log through 41 of term 3)"
      ),
      (
        .peerFailed(.tooLarge, sent),
        "peerFailed(n2, session 7 message 9, the message is larger than it takes)"
      ),
      (
        .appendSent(through: 41, byteCount: 96, sent),
        "appendSent(n2, through 41, 96 bytes, session 7 message 9)"
      ),
      (.reversionAllowed(2, Ticket(4)), "reversionAllowed(n2, question 4)"),
      (.applied(through: logID), "applied(T3-N2.41)"),
      (.shortageChanged(isShort: true), "shortageChanged(nearly full)"),
      (.shortageChanged(isShort: false), "shortageChanged(there is space)"),
      (.elapsed, "elapsed"),
    ])
  func told(input: Input, text: String) {
    #expect(FlightFacts(of: input).description == text)
  }

  @Test("A full ring keeps the newest steps, in order")
  func wrapsAround() throws {
    var recorded = try RecordedEngine(capacity: 5)
    for number in 1...12 { recorded.step(.elapsed, at: Int64(number)) }
    for bytes in [recorded.bytes, recorded.mapping.bytes()] {
      let recording = try FlightRecording(bytes)
      #expect(recording.entries.map(\.record.sequence) == [9, 10, 11, 12, 13])
      #expect(recording.entries.map(\.missingBefore) == [0, 0, 0, 0, 0])
      #expect(recording.entries.last?.time == 5_012_000_000)
    }
  }

  @Test("A step in which the process ended is there, without an outcome")
  func brokenOff() throws {
    var recorded = try RecordedEngine(capacity: 4)
    for number in 1...6 { recorded.step(.elapsed, at: Int64(number)) }
    recorded.recorder.begin(.electionRequested, at: RecordedEngine.start)
    let left = try FlightRecording(recorded.bytes)
    #expect(left.kinds == [.elapsed, .elapsed, .elapsed, .electionRequested])
    #expect(left.entries.map { $0.record.state == nil } == [false, false, false, true])
    // A node that goes on is asked for finished steps.
    let copied = try FlightRecording(recorded.mapping.bytes())
    #expect(copied.kinds == [.elapsed, .elapsed, .elapsed])
  }

  @Test("A node that starts again goes on in the ring, and each life has its own clock")
  func lives() throws {
    var first = try RecordedEngine(capacity: 8)
    first.step(.elapsed, at: 1)
    let second = try RecordedEngine(
      capacity: 8, after: 2, mapping: first.mapping, before: 1_000_000_000)
    let recording = try FlightRecording(second.bytes)
    #expect(recording.kinds == [.started, .elapsed, .started])
    // The life before had its moments a second after 1970, this one has them at 4.999 s.
    #expect(recording.entries.map(\.time) == [1_001_000_000, 1_002_000_000, 5_000_000_000])
  }

  @Test("Every byte of a recording may be changed: what is read is told rightly or left out")
  func flippedBytes() throws {
    var recorded = try RecordedEngine(capacity: 3)
    for number in 1...4 { recorded.step(.elapsed, at: Int64(number)) }
    let bytes = recorded.bytes
    let whole = try FlightRecording(bytes)
    let known = Set(whole.entries.map(\.record))
    for place in FlightLayout.headerBytes..<bytes.count {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      let recording = try FlightRecording(changed)
      // Either half of one record is refused: the whole record, or its outcome.
      let strangers = recording.entries.filter { !known.contains($0.record) }
      #expect(strangers.allSatisfy { $0.record.state == nil })
      #expect(recording.tornCount + strangers.count == 1)
      #expect(recording.entries.count + recording.tornCount == 3)
    }
  }

  @Test("One damaged header is made good by its copy; what is no recording is refused")
  func headers() throws {
    let bytes = try RecordedEngine(capacity: 3).bytes
    let header = try FlightRecording(bytes).header
    for place in 0..<64 {
      var changed = bytes
      changed[place] ^= 0x40
      #expect(try FlightRecording(changed).header == header)
      changed[2048 + place] ^= 0x40
      #expect(throws: FlightRecordingError.self) { try FlightRecording(changed) }
    }
    for version: UInt8 in [1, 3] {
      var other = bytes
      other[8] = version
      other[2048 + 8] = version
      #expect(throws: FlightRecordingError.unknownVersion(UInt32(version), known: 2)) {
        try FlightRecording(other)
      }
    }
    #expect(throws: FlightRecordingError.notARecording) { try FlightRecording([]) }
    #expect(throws: FlightRecordingError.notARecording) {
      try FlightRecording([UInt8](repeating: 7, count: 9000))
    }
  }

  @Test("A file that was cut off anywhere gives its whole records, or an error")
  func cutFiles() throws {
    var recorded = try RecordedEngine(capacity: 3)
    for number in 1...2 { recorded.step(.elapsed, at: Int64(number)) }
    let bytes = recorded.bytes
    for count in stride(from: 0, through: bytes.count, by: 8) {
      let cut = Array(bytes[..<count])
      if count == 0 {
        #expect(throws: FlightRecordingError.notARecording) { try FlightRecording(cut) }
      } else if count < FlightLayout.headerBytes {
        #expect(throws: FlightRecordingError.truncated(byteCount: count)) {
          try FlightRecording(cut)
        }
      } else {
        let recording = try FlightRecording(cut)
        let whole = (count - FlightLayout.headerBytes) / FlightLayout.recordBytes
        #expect(recording.entries.count == whole)
        #expect(recording.cutCount == 3 - whole)
      }
    }
  }

  @Test("Kinds of commands and receivers do not mix, and a kind without a name is none in words")
  func commands() {
    let kinds = CommandSummary(rawValue: 1 << 32 - 1)
    #expect(kinds.words.count == 16 && Set(kinds.words).count == 16)
    #expect((1...40).allSatisfy { !kinds.sends(.sendAppend, to: NodeID(UInt64($0))) })
    let receivers = CommandSummary(rawValue: 0xFFFF << 32)
    #expect(receivers.words == [])
    #expect(receivers.union(.sendAppend).sends(.sendAppend, to: 31))
    #expect(!receivers.union(.sendAppend).sends(.sendHeartbeat, to: 31))
    #expect(CommandSummary(rawValue: 1 << 31).words == [])
  }

  @Test("What a step wanted done is read as it was recorded, with who got messages")
  func recordedCommands() throws {
    var recorded = try RecordedEngine(capacity: 8)
    func commands() throws -> CommandSummary {
      try #require(FlightRecording(recorded.bytes).entries.last?.record.state?.commands)
    }
    let members = (1...3).map { Member(id: NodeID(UInt64($0)), address: "") }
    recorded.step(
      .bootstrapRequested(try Membership(voters: members), timestamp: .epoch, Ticket(1)))
    #expect(try commands().words == ["save vote", "store entries", "note"])
    recorded.step(
      .flushed(
        IOID(
          sequence: recorded.engine.io.submitted, vote: recorded.engine.vote,
          logID: recorded.engine.log.last)))
    #expect(try commands().words == ["request vote", "answer"])
    let sent = try commands()
    #expect(
      (1...4).map { sent.sends(.requestVote, to: NodeID(UInt64($0))) }
        == [false, true, true, false])
  }

  @Test("Random bytes behind the magic ones never end the process")
  func randomBytes() throws {
    var random = SeededGenerator(seed: 7)
    let good = try RecordedEngine(capacity: 4).bytes
    for _ in 0..<300 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...200, using: &random) {
        bytes[Int.random(in: 8..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if let recording = try? FlightRecording(bytes) {
        for entry in recording.entries { _ = entry.record.told.description }
      }
    }
    for kind in 0...UInt8.max {
      let words = (0..<6).map { _ in UInt64.random(in: 0...UInt64.max, using: &random) }
      let head = UInt64(kind) | UInt64.random(in: 0...0xFF, using: &random) << 8
      let facts = FlightFacts(head: head, peer: 3, words: words[...])
      #expect(!facts.description.isEmpty)
      #expect(
        (facts.kind == nil) == (facts.messageName == nil && facts.description.contains("kind")))
    }
  }
}
