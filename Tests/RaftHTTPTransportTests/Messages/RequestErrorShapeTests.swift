import Raft
import Testing

@testable import RaftHTTPTransport

@Suite("Refused messages in JSON")
struct RequestErrorShapeTests {
  @Test("A message for somebody else is answered with who was meant")
  func refusals() throws {
    try expect(
      ContactRefusal.unknownProtocol(version: 2, newestKnown: 1),
      is: #"{"UnknownProtocol":{"version":2,"newest_known":1}}"#)
    try expect(
      ContactRefusal.wrongNode(meant: 2, reached: 3), is: #"{"WrongNode":{"meant":2,"reached":3}}"#)
    try expect(
      ContactRefusal.wrongIncarnation(meant: Incarnation(1), reached: Incarnation(2)),
      is: """
        {"WrongIncarnation":{"meant":"0000000000000001","reached":"0000000000000002"}}
        """)
    try expect(
      ContactRefusal.wrongCluster(
        theirs: ClusterID(high: 0, low: 1), ours: ClusterID(high: 0, low: 2, generation: 1)),
      is: """
        {"WrongCluster":{"theirs":"00000000000000000000000000000001",\
        "ours":"00000000000000000000000000000002.1"}}
        """)
    try expect(ContactRefusal.ownMessage(1), is: #"{"OwnMessage":{"node_id":1}}"#)
    try expect(
      ContactRefusal.wrongLeadershipRule(theirs: .onePerTerm, ours: .manyPerTerm),
      is: #"{"WrongLeadershipRule":{"theirs":1,"ours":0}}"#)
  }

  @Test("Every reason not to handle a message has a name")
  func requestErrors() throws {
    try expect(
      RequestError.refused(.ownMessage(1)), is: #"{"Refused":{"OwnMessage":{"node_id":1}}}"#)
    try expect(
      RequestError.malformed,
      is: #"{"Malformed":{"message":"no correct peer sends such a message"}}"#
    )
    try expect(
      RequestError.busy,
      is: """
        {"Busy":{"message":"the node is starting, or busy with other requests of this kind: try again later"}}
        """)
    try expect(
      RequestError.interrupted(StorageError(.io, "x")),
      is: #"{"Interrupted":{"kind":"io","message":"x"}}"#)
    try expect(RequestError.stopped(.shutdown), is: #"{"Fatal":"Stopped"}"#)
  }
}
