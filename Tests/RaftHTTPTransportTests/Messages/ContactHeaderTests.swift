import Raft
import RaftHTTP
import Testing

@testable import RaftHTTPTransport

@Suite("Who speaks to whom, in headers")
struct ContactHeaderTests {
  private static let headers: HTTPHeaders = [
    "Raft-Protocol": "1", "Raft-Cluster": "00000000000000010000000000000002", "Raft-From": "1",
    "Raft-From-Incarnation": "000000000000000a", "Raft-To": "2",
    "Raft-To-Incarnation": "000000000000000b",
  ]

  @Test("Cluster, ids and incarnations have a header each")
  func golden() throws {
    #expect(Sample.contact.headers == Self.headers)
    #expect(try Contact(Self.headers) == Sample.contact)
  }

  @Test("The leadership rule is a word")
  func rules() throws {
    for (rule, word) in [
      (LeadershipRule.manyPerTerm, "many-per-term"), (.onePerTerm, "one-per-term"),
    ] {
      let contact = Contact(cluster: nil, sender: 1, receiver: 2, leadershipRule: rule)
      #expect(contact.headers.values(named: "Raft-Leadership-Rule") == [word])
      #expect(try Contact(contact.headers) == contact)
    }
    var headers = Self.headers
    headers.append("Raft-Leadership-Rule", "any")
    #expect(throws: MessageFault.self) { try Contact(headers) }
  }

  @Test("A group is named if it is not the only one, a missing cluster always")
  func groupAndNoCluster() throws {
    let contact = Contact(group: 3, cluster: nil, sender: 1, receiver: 2)
    let headers: HTTPHeaders = [
      "Raft-Protocol": "1", "Raft-Cluster": "none", "Raft-Group": "3", "Raft-From": "1",
      "Raft-To": "2",
    ]
    #expect(contact.headers == headers)
    #expect(try Contact(headers) == contact)
  }

  @Test(
    "Whoever leaves out cluster, ids or version is told what is missing",
    arguments: ["Raft-Protocol", "Raft-Cluster", "Raft-From", "Raft-To"])
  func missing(name: String) {
    var headers = Self.headers
    headers[name] = nil
    #expect(
      throws: MessageFault(
        """
        a raft message must state its cluster and the ids of both nodes in the headers \
        Raft-Protocol, Raft-Cluster, Raft-From and Raft-To; a server that does not send them, such \
        as openraft's, cannot be a member of this cluster
        """)
    ) { try Contact(headers) }
  }

  @Test("A header that is there twice is refused", arguments: Self.headers.map(\.name))
  func twice(name: String) throws {
    var headers = Self.headers
    headers.append(name, try #require(headers[name]))
    #expect(throws: MessageFault("the header \(name) is there twice")) { try Contact(headers) }
  }

  @Test(
    "Values in another form are refused",
    arguments: [
      ("Raft-Protocol", "4294967296"), ("Raft-Protocol", "+1"), ("Raft-From", "01"),
      ("Raft-To", "-1"), ("Raft-To", ""), ("Raft-Cluster", "None"), ("Raft-Cluster", "1"),
      ("Raft-Group", "x"), ("Raft-From-Incarnation", "A"),
      ("Raft-To-Incarnation", "000000000000000B"),
    ])
  func badValues(name: String, value: String) {
    var headers = Self.headers
    headers[name] = value
    #expect(throws: MessageFault.self) { try Contact(headers) }
  }

  @Test("What is written at random is read back", arguments: 0..<50)
  func roundTrip(seed: UInt64) throws {
    var values = RandomValues(seed: seed)
    let contact = values.contact()
    #expect(try Contact(contact.headers) == contact)
  }
}
