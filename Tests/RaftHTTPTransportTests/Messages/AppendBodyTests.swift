import Raft
import Testing

@testable import RaftHTTPTransport

@Suite("Appends in JSON")
struct AppendBodyTests {
  private static let tail =
    #","leader_commit":\#(Sample.logIDText(0)),"promise":150000000,"session":7}"#

  private static func text(_ request: AppendRequest, _ form: PayloadForm = .embedded) throws
    -> String
  {
    Sample.text(try AppendBody(request, form).bytes())
  }

  private static func read(_ text: String) throws(MessageFault) -> AppendRequest {
    try AppendRequest(body: Array(text.utf8), contact: Sample.contact)
  }

  @Test("A heartbeat has no entries")
  func heartbeat() throws {
    let text = #"{"vote":\#(Sample.voteText),"prev_log_id":null,"entries":[]"# + Self.tail
    #expect(try Self.text(Sample.append([])) == text)
    let request = try Self.read(text)
    #expect(request.header == Sample.append([]).header)
    #expect(request.entries.isEmpty)
    #expect(request.contact == Sample.contact)
  }

  @Test("Entries are blank, carry a command by its very bytes, or a membership")
  func entries() throws {
    let membership = try Membership(voters: [Member(id: 1, address: "a")])
    let change = EntrySlice(
      EntryChunk(
        emptyPayloads: EntryRun(
          leader: Sample.leader, first: 7, count: 1, byteCount: 0, kind: .membership,
          timestamp: Timestamp(nanoseconds: 9), membership: membership)))
    let commands = [#"{"Set":{"key":"a","value":1e0}}"#, #""x""#]
    let request = Sample.append([
      Sample.slice(from: 4, [""], kind: .blank), Sample.slice(from: 5, commands, at: 9), change,
    ])
    let text = """
      {"vote":\(Sample.voteText),"prev_log_id":\(Sample.logIDText(3)),"entries":[\
      {"log_id":\(Sample.logIDText(4)),"payload":"Blank"},\
      {"log_id":\(Sample.logIDText(5)),"payload":{"Normal":{"Set":{"key":"a","value":1e0}}},\
      "timestamp":9},\
      {"log_id":\(Sample.logIDText(6)),"payload":{"Normal":"x"}},\
      {"log_id":\(Sample.logIDText(7)),"payload":{"Membership":\
      {"configs":[[1]],"nodes":{"1":{"raft_addr":"a","data":""}}}}}]\(Self.tail)
      """
    #expect(try Self.text(request) == text)
    #expect(try Self.read(text).plainEntries == request.plainEntries)
  }

  @Test("Commands whose payload is kept from a witness say so, and stay one run")
  func withheld() throws {
    let request = Sample.append([
      EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: Sample.leader, first: 4, count: 2, byteCount: 0, kind: .withheld,
            timestamp: .epoch)))
    ])
    let text = """
      {"vote":\(Sample.voteText),"prev_log_id":\(Sample.logIDText(3)),"entries":[\
      {"log_id":\(Sample.logIDText(4)),"payload":"Withheld"},\
      {"log_id":\(Sample.logIDText(5)),"payload":"Withheld"}]\(Self.tail)
      """
    #expect(try Self.text(request) == text)
    #expect(try Self.read(text).entries.map(\.run) == request.entries.map(\.run))
  }

  @Test("Commands that are no JSON, or are not said to be, travel as base64")
  func encodedCommands() throws {
    func text(_ normal: String) -> String {
      """
      {"vote":\(Sample.voteText),"prev_log_id":null,"entries":[\
      {"log_id":\(Sample.logIDText(0)),"payload":{"Normal":"\(normal)"},"encoding":"base64"}]\
      \(Self.tail)
      """
    }
    for (command, form, normal) in [
      ("{", PayloadForm.embedded, "ew=="), (" 1", .embedded, "IDE="), ("", .embedded, ""),
      ("1", .base64, "MQ=="),
    ] {
      let request = Sample.append([Sample.slice(from: 0, [command])])
      #expect(try Self.text(request, form) == text(normal))
      #expect(try Self.read(text(normal)).plainEntries == request.plainEntries)
    }
  }

  @Test("A string that looks like base64 stays the JSON that it is")
  func stringsAreNotDecoded() throws {
    let request = Sample.append([Sample.slice(from: 0, [#""MQ==""#])])
    #expect(try Self.read(Self.text(request)).plainEntries == request.plainEntries)
  }

  @Test("Commands deeper than other JSON, and with names twice, come back as they were")
  func deepCommands() throws {
    let deep = String(repeating: "[", count: 120) + String(repeating: "]", count: 120)
    let request = Sample.append([Sample.slice(from: 0, [deep, #"{"a":1,"a":2}"#])])
    #expect(try Self.read(Self.text(request)).plainEntries == request.plainEntries)
  }

  @Test("Entries of one leader, kind and time come back as one run")
  func oneRun() throws {
    let request = Sample.append([
      Sample.slice(from: 1, ["1", "2"], at: 5), Sample.slice(from: 3, ["3"], at: 5),
      Sample.slice(from: 4, ["4"], at: 6),
    ])
    let read = try Self.read(Self.text(request))
    #expect(read.entries.map(\.count) == [3, 1])
    #expect(read.plainEntries == request.plainEntries)
  }

  @Test(
    "Kinds of entries that have no shape in JSON are not sent",
    arguments: [EntryKind.session, .recovery])
  func unsupportedKinds(kind: EntryKind) {
    let request = Sample.append([Sample.slice(from: 0, ["1"], kind: kind)])
    #expect(throws: AppendBody.UnsupportedKind(kind: kind)) { try AppendBody(request, .embedded) }
  }

  @Test("Without promise and session an append asks for none")
  func missingExtras() throws {
    let header = try Self.read(#"{"vote":\#(Sample.voteText),"entries":[]}"#).header
    #expect(
      header
        == AppendHeader(vote: Sample.vote, previous: nil, committed: nil, promise: 0, session: 0))
  }

  @Test(
    "Entries that make no sense are refused",
    arguments: [
      #"{"log_id":LOGID,"payload":{"Session":{}}}"#,
      #"{"log_id":LOGID,"payload":{"Normal":1,"x":2}}"#,
      #"{"log_id":LOGID,"payload":"Normal"}"#, #"{"log_id":LOGID,"payload":null}"#,
      #"{"log_id":LOGID}"#, #"{"payload":"Blank"}"#, #"{"log_id":null,"payload":"Blank"}"#,
      #"{"log_id":LOGID,"payload":"Blank","timestamp":-1}"#,
      #"{"log_id":LOGID,"payload":{"Normal":1},"encoding":"base64"}"#,
      #"{"log_id":LOGID,"payload":{"Normal":"MR=="},"encoding":"base64"}"#,
      #"{"log_id":LOGID,"payload":{"Normal":"MQ=="},"encoding":"hex"}"#,
      #"{"log_id":LOGID,"payload":"Blank"},{"log_id":LOGID,"payload":"Blank"}"#,
      #"{"log_id":LOGID,"payload":{"Membership":{"configs":[[1]],"nodes":{}}}}"#, "1", "[]",
    ])
  func badEntries(text: String) {
    let entry = text.replacing("LOGID", with: Sample.logIDText(4))
    #expect(throws: MessageFault.self) {
      try Self.read(#"{"vote":\#(Sample.voteText),"entries":[\#(entry)]}"#)
    }
  }

  @Test("Where entries have a gap, the error says which one is missing")
  func gaps() {
    let entries = ([4, 6] as [LogIndex]).map {
      #"{"log_id":\#(Sample.logIDText($0)),"payload":"Blank"}"#
    }
    #expect(
      throws: MessageFault(
        """
        the body is not what it should be: at $.entries[1] (byte 88): expected the entry with \
        index 5, found an object
        """)
    ) {
      try Self.read(#"{"entries":[\#(entries.joined(separator: ","))],"vote":\#(Sample.voteText)}"#)
    }
  }

  @Test("What is written at random is read back", arguments: 0..<200)
  func roundTrip(seed: UInt64) throws {
    var values = RandomValues(seed: seed)
    let request = values.append()
    let body = try AppendBody(request, values.coin() ? .embedded : .base64).bytes()
    let read = try AppendRequest(body: body, contact: request.contact)
    #expect(read.header == request.header)
    #expect(read.plainEntries == request.plainEntries)
    #expect(read.end == request.end)
  }
}
