import Raft
import RaftHTTPTransport
import RaftJSON
import Testing

@Suite("Errors in JSON")
struct ErrorShapeTests {
  private static let logID = LogID(term: 1, node: 1, index: 4)
  private static let logIDText = #"{"leader_id":{"term":1,"node_id":1},"index":4}"#
  private static let hint = LeaderHint(
    id: 1, member: Member(id: 1, address: "a", metadata: ["api": "b"]))
  private static let forward =
    #"{"ForwardToLeader":{"leader_id":1,"leader_node":{"raft_addr":"a","data":"b"}}}"#
  private static let nowhere = #"{"ForwardToLeader":{"leader_id":null,"leader_node":null}}"#

  @Test("An answer says whether it went well")
  func envelope() throws {
    typealias Answer = Envelope<JSON, WriteError>
    try expect(Answer.success(["value": nil]), is: #"{"Ok":{"value":null}}"#)
    try expect(Answer.success(.null), is: #"{"Ok":null}"#)
    try expect(Answer.failure(.notLeader(Self.hint)), is: #"{"Err":\#(Self.forward)}"#)
    for text in [#""Ok""#, #"{"ok":1}"#, #"{"Ok":1,"Err":2}"#, "{}", "7"] {
      #expect(throws: JSONError.self) { try read(Answer.self, text) }
    }
  }

  @Test("Whoever does not lead points at the leader, as far as it knows")
  func forwarding() throws {
    try expect(ForwardToLeader(Self.hint), is: Self.forward)
    try expect(ForwardToLeader(nil), is: Self.nowhere)
    try expect(
      ForwardToLeader(LeaderHint(id: 3, member: nil)),
      is: #"{"ForwardToLeader":{"leader_id":3,"leader_node":null}}"#)
  }

  @Test("Writes say what became of the command")
  func writes() throws {
    try expect(WriteError.notLeader(nil), is: Self.nowhere)
    try expect(
      WriteError.noQuorum,
      is: """
        {"NoQuorum":{"message":"the leader has no contact to a quorum, the command did not take \
        effect: try again later"}}
        """)
    try expect(
      WriteError.outcomeUnknown,
      is: """
        {"OutcomeUnknown":{"message":"leadership or the quorum was lost; the command may or may \
        not take effect"}}
        """)
    try expect(
      WriteError.overloaded,
      is: """
        {"Overloaded":{"message":"too many writes are waiting, the command did not take effect: \
        try again later"}}
        """)
    try expect(
      WriteError.storageFull,
      is: """
        {"StorageFull":{"message":"the leader's disk is nearly full, the command did not take \
        effect: free some space there, or let another node lead, then try again"}}
        """)
    try expect(
      WriteError.tooLarge(bytes: 9, limit: 8), is: #"{"TooLarge":{"bytes":9,"limit":8}}"#)
    try expect(WriteError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
  }

  @Test("Reads say which nodes were heard")
  func reads() throws {
    try expect(ReadError.notLeader(Self.hint), is: Self.forward)
    try expect(
      ReadError.noQuorum(heard: [1, 3]), is: #"{"QuorumNotEnough":{"cluster":"","got":[1,3]}}"#)
    try expect(ReadError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
    var writer = JSONWriter()
    let members = [Member(id: 1, address: "a"), Member(id: 2, address: "b")]
    ReadError.noQuorum(heard: [1]).write(to: &writer, in: try Membership(voters: members))
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == #"{"QuorumNotEnough":{"cluster":"[1,2]","got":[1]}}"#)
  }

  @Test("Membership changes say why they were not made")
  func membershipChanges() throws {
    typealias Failure = MembershipChangeError
    try expect(Failure.notLeader(Self.hint), is: Self.forward)
    try expect(
      Failure.inProgress(committed: nil, effective: Self.logID),
      is: """
        {"ChangeMembershipError":{"InProgress":{"committed":null,\
        "membership_log_id":\(Self.logIDText)}}}
        """)
    try expect(
      Failure.invalid(.emptyConfiguration), is: #"{"ChangeMembershipError":{"EmptyMembership":{}}}"#
    )
    try expect(
      Failure.invalid(.unknownVoter(4)),
      is: #"{"ChangeMembershipError":{"LearnerNotFound":{"node_id":4}}}"#)
    try expect(Failure.notCaughtUp(4), is: #"{"NotCaughtUp":{"node_id":4}}"#)
    try expect(
      Failure.preconditionFailed(expected: LogID(term: 1, node: 2, index: 3), actual: nil),
      is: """
        {"PreconditionFailed":{"LastMembershipLogIdMismatch":{"expected":\
        {"leader_id":{"term":1,"node_id":2},"index":3},"actual":null}}}
        """)
    try expect(
      Failure.invalid(.replacedMember(4)),
      is: #"{"ChangeMembershipError":{"ReplacedMember":{"node_id":4}}}"#)
    try expect(
      Failure.noQuorum,
      is: """
        {"NoQuorum":{"message":"the leader has no contact to a quorum, nothing was changed: try \
        again later"}}
        """)
    try expect(
      Failure.outcomeUnknown,
      is: """
        {"OutcomeUnknown":{"message":"leadership was lost; the next leader finishes or undoes \
        the change: look before repeating it"}}
        """)
    try expect(Failure.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
  }

  @Test("What witnesses refuse, and what is refused of them")
  func witnesses() throws {
    try expect(
      ReadError.witness,
      is: """
        {"Witness":{"message":"this node is a witness, it has no state to read: ask a replica"}}
        """)
    try expect(BootstrapError.witness(3), is: #"{"Witness":{"node_id":3}}"#)
    try expect(
      MembershipError.witnessMajority([2, 3]), is: #"{"WitnessMajority":{"node_ids":[2,3]}}"#)
    try expect(MembershipError.exchangedRole(3), is: #"{"ExchangedRole":{"node_id":3}}"#)
    try expect(
      NodeFailure.protocolViolated(.otherRole(than: .witness)),
      is: #"{"OtherRole":{"role":"Witness"}}"#)
  }

  @Test("Leaders that hand over say to whom")
  func transferring() throws {
    let text = Self.forward.replacing("ForwardToLeader", with: "Transferring")
    try expect(WriteError.transferring(to: Self.hint), is: text)
    try expect(MembershipChangeError.transferring(to: Self.hint), is: text)
    let nobody = #"{"Transferring":{"leader_id":null,"leader_node":null}}"#
    #expect(throws: JSONError.self) { try read(WriteError.self, nobody) }
  }

  @Test("A peer that is not let start over says why")
  func reversions() throws {
    try expect(LogReversionError.notLeader(Self.hint), is: Self.forward)
    try expect(LogReversionError.nothingLost(2), is: #"{"NothingLost":{"node_id":2}}"#)
    try expect(LogReversionError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
    #expect(throws: JSONError.self) { try read(LogReversionError.self, #"{"Lost":{}}"#) }
  }

  @Test("Transfers of leadership say why they did not succeed")
  func transfers() throws {
    try expect(TransferError.notLeader(Self.hint), is: Self.forward)
    try expect(
      TransferError.alreadyLeads, is: #"{"AlreadyLeads":{"message":"the node leads already"}}"#)
    try expect(TransferError.notMember(9), is: #"{"NotMember":{"node_id":9}}"#)
    try expect(TransferError.notVoter(4), is: #"{"NotVoter":{"node_id":4}}"#)
    try expect(
      TransferError.noOtherVoter,
      is: """
        {"NoOtherVoter":{"message":"nobody else has a vote and could lead, so nobody can take \
        over"}}
        """)
    try expect(TransferError.witness(5), is: #"{"Witness":{"node_id":5}}"#)
    try expect(
      TransferError.noneHeard,
      is: """
        {"NoneHeard":{"message":"no other voter answered lately: try again when one can be \
        reached"}}
        """)
    try expect(TransferError.replaced(by: 3), is: #"{"Replaced":{"node_id":3}}"#)
    try expect(TransferError.givenUp(2), is: #"{"GivenUp":{"node_id":2}}"#)
    try expect(
      TransferError.outcomeUnknown,
      is: """
        {"OutcomeUnknown":{"message":"the leader stepped down, and who follows it was not seen in \
        time: look who leads"}}
        """)
    try expect(TransferError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
  }

  @Test("Every reason against a membership has a name")
  func membershipErrors() throws {
    try expect(MembershipError.configurationCount(3), is: #"{"ConfigurationCount":{"count":3}}"#)
    try expect(MembershipError.duplicateVoter(1), is: #"{"DuplicateVoter":{"node_id":1}}"#)
    try expect(MembershipError.duplicateMember(1), is: #"{"DuplicateMember":{"node_id":1}}"#)
    try expect(MembershipError.removedVoter(1), is: #"{"RemovedVoter":{"node_id":1}}"#)
    try expect(
      MembershipError.exchangedIncarnation(1), is: #"{"ExchangedIncarnation":{"node_id":1}}"#)
  }

  @Test("A cluster that cannot be founded says why")
  func bootstrap() throws {
    try expect(
      BootstrapError.notAllowed(last: Self.logID, vote: .initial),
      is: """
        {"NotAllowed":{"last_log_id":\(Self.logIDText),\
        "vote":{"leader_id":{"term":0,"node_id":0},"committed":false}}}
        """)
    try expect(
      BootstrapError.notVoter(4, [Member(id: 1, address: "a")]),
      is: """
        {"NotInMembers":{"node_id":4,"membership":{"configs":[[1]],\
        "nodes":{"1":{"raft_addr":"a","data":""}}}}}
        """)
    try expect(
      BootstrapError.invalid(.duplicateMember(2)),
      is: #"{"Invalid":{"DuplicateMember":{"node_id":2}}}"#)
    try expect(BootstrapError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
  }

  @Test("A stopped node says why it stopped")
  func failures() throws {
    try expect(
      NodeFailure.storage(StorageError(.full, "no space")),
      is: #"{"StorageError":{"kind":"full","message":"no space"}}"#)
    try expect(NodeFailure.stateMachine("bad"), is: #"{"StateMachine":{"message":"bad"}}"#)
    try expect(
      NodeFailure.protocolViolated(.diverged(at: Self.logID)),
      is: #"{"Diverged":{"log_id":\#(Self.logIDText)}}"#)
    let kinds: [StorageError.Kind] = [
      .io, .full, .corrupted, .missing, .locked, .foreign, .closed, .application,
    ]
    for kind in kinds {
      let error = StorageError(kind, "")
      #expect(try read(StorageError.self, JSON(parsing: error.jsonBytes()).text()) == error)
    }
  }

  @Test("Names without a meaning are refused")
  func unknownNames() {
    let text = #"{"Surprise":{"message":""}}"#
    #expect(throws: JSONError.self) { try read(WriteError.self, text) }
    #expect(throws: JSONError.self) { try read(ReadError.self, text) }
    #expect(throws: JSONError.self) { try read(BootstrapError.self, text) }
    #expect(throws: JSONError.self) { try read(MembershipChangeError.self, text) }
    #expect(throws: JSONError.self) { try read(MembershipError.self, text) }
    #expect(throws: JSONError.self) { try read(NodeFailure.self, text) }
    #expect(throws: JSONError.self) { try read(ForwardToLeader.self, text) }
  }
}
