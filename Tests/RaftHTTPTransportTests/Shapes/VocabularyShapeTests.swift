import Raft
import RaftHTTPTransport
import RaftJSON
import Testing

@Suite("The vocabulary in JSON")
struct VocabularyShapeTests {
  @Test("A log id names its leadership and its index")
  func logID() throws {
    try expect(
      LogID(term: 1, node: 2, index: 3),
      is: #"{"leader_id":{"term":1,"node_id":2},"index":3}"#)
    try expect(LogID?.none, is: "null")
  }

  @Test("A vote names its leadership and whether a quorum chose it")
  func vote() throws {
    try expect(
      Vote(leader: LeaderID(term: 7, node: 1), isCommitted: true),
      is: #"{"leader_id":{"term":7,"node_id":1},"committed":true}"#)
  }

  @Test("Node ids are numbers of 64 bits, cluster ids and incarnations are texts")
  func identities() throws {
    try expect(NodeID(.max), is: "18446744073709551615")
    try expect(
      ClusterID(high: 1, low: 0xAB, generation: 2), is: #""000000000000000100000000000000ab.2""#)
    try expect(Incarnation(0xFEED), is: #""000000000000feed""#)
  }

  @Test("A term or index near the end of the numbers is refused, as nothing could follow it")
  func ordinals() throws {
    #expect(throws: JSONError.self) {
      try read(LeaderID.self, #"{"term":18446744073709551615,"node_id":1}"#)
    }
    #expect(
      refusal(LogID.self, #"{"leader_id":{"term":1,"node_id":1},"index":4611686018427387904}"#)
        == """
        at $.index (byte 44): expected an integer from 0 to 4611686018427387903, \
        found number 4611686018427387904
        """)
  }

  @Test("Members that are not known are skipped", arguments: ["7", "{}", "null"])
  func unknownMembers(value: String) throws {
    let leader = try read(LeaderID.self, #"{"term":1,"node_id":2,"later":\#(value)}"#)
    #expect(leader == LeaderID(term: 1, node: 2))
  }

  @Test(
    "Texts in another form than ours are refused",
    arguments: [#""feed""#, #""000000000000FEED""#, #""+00000000000feed""#, "7", "null"])
  func incarnationForms(text: String) {
    #expect(throws: JSONError.self) { try read(Incarnation.self, text) }
    #expect(throws: JSONError.self) { try read(ClusterID.self, text) }
  }
}
