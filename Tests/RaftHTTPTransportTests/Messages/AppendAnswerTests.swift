import Raft
import RaftHTTP
import RaftJSON
import Testing

@testable import RaftHTTPTransport

@Suite("Answers to appends")
struct AppendAnswerTests {
  private static func expect(
    _ response: AppendResponse, end: LogID? = Sample.logID(5), is text: String,
    _ headers: HTTPHeaders, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let answer = AppendAnswer(response: response, end: end)
    #expect(Sample.text(answer.jsonBytes()) == text, sourceLocation: sourceLocation)
    #expect(answer.headers == headers, sourceLocation: sourceLocation)
    let root = try JSONDocument(text).root
    #expect(
      try AppendAnswer(json: root, headers: headers, end: end).response == response,
      sourceLocation: sourceLocation)
  }

  @Test("Agreement through the end of the request is a success, through less a part of one")
  func matched() throws {
    let end = Sample.logID(5)
    try Self.expect(AppendResponse(outcome: .matched(through: end)), is: #""Success""#, [:])
    try Self.expect(
      AppendResponse(outcome: .matched(through: nil)), end: nil, is: #""Success""#, [:])
    try Self.expect(
      AppendResponse(outcome: .matched(through: Sample.logID(4))),
      is: #"{"PartialSuccess":\#(Sample.logIDText(4))}"#, [:])
    try Self.expect(
      AppendResponse(outcome: .matched(through: nil)), is: #"{"PartialSuccess":null}"#, [:])
  }

  @Test("A conflict says in headers where it lies and where the logs may agree")
  func conflict() throws {
    try Self.expect(
      AppendResponse(outcome: .conflict(rejected: Sample.logID(4), hint: nil)),
      is: #""Conflict""#, ["Raft-Rejected": Sample.logIDText(4), "Raft-Hint": "null"])
    try Self.expect(
      AppendResponse(outcome: .conflict(rejected: nil, hint: Sample.logID(2))),
      is: #""Conflict""#, ["Raft-Rejected": "null", "Raft-Hint": Sample.logIDText(2)])
  }

  @Test("A later vote stands in the answer")
  func higherVote() throws {
    try Self.expect(
      AppendResponse(outcome: .higherVote(Sample.vote)),
      is: #"{"HigherVote":\#(Sample.voteText)}"#, [:])
  }

  @Test("Incarnation, digest and the age of the oldest write travel as headers")
  func headers() throws {
    try Self.expect(
      AppendResponse(
        outcome: .matched(through: Sample.logID(5)), incarnation: Incarnation(3),
        digest: StateDigest(index: 64, value: 0xAB), flushAge: 1500),
      is: #""Success""#,
      [
        "Raft-Incarnation": "0000000000000003", "Raft-Digest": "64:00000000000000ab",
        "Raft-Flush-Age": "1500",
      ])
  }

  @Test(
    "Answers that make no sense are refused",
    arguments: [
      (#""Conflict""#, [:]), (#""Conflict""#, ["Raft-Rejected": "null"]),
      (#""Conflict""#, ["Raft-Rejected": "null", "Raft-Hint": "7"]), (#""Maybe""#, [:]),
      (#""PartialSuccess""#, [:]), (#"{"HigherVote":null}"#, [:]), ("7", [:]), ("{}", [:]),
      (#""Success""#, ["Raft-Digest": "64"]),
      (#""Success""#, ["Raft-Digest": "18446744073709551615:00000000000000ab"]),
      (#""Success""#, ["Raft-Flush-Age": "-1"]),
      (#""Success""#, ["Raft-Flush-Age": "4294967296"]),
      (#""Success""#, ["Raft-Incarnation": "3"]),
    ] as [(String, HTTPHeaders)])
  func badAnswers(text: String, headers: HTTPHeaders) throws {
    let root = try JSONDocument(text).root
    #expect(throws: MessageFault.self) {
      try AppendAnswer(json: root, headers: headers, end: nil)
    }
  }

  @Test("What is written at random is read back", arguments: 0..<50)
  func roundTrip(seed: UInt64) throws {
    var values = RandomValues(seed: seed)
    let end = values.maybe { $0.logID() }
    let outcome: AppendOutcome =
      switch values.number(0...3) {
      case 0: .matched(through: end)
      case 1: .matched(through: values.maybe { $0.logID() })
      case 2: .conflict(rejected: values.maybe { $0.logID() }, hint: values.maybe { $0.logID() })
      default: .higherVote(values.vote())
      }
    let response = AppendResponse(
      outcome: outcome, incarnation: values.maybe { $0.incarnation() },
      digest: values.maybe { StateDigest(index: LogIndex($0.ordinal()), value: $0.number()) },
      flushAge: UInt32(truncatingIfNeeded: values.number()))
    let answer = AppendAnswer(response: response, end: end)
    let root = try JSONDocument(answer.jsonBytes()).root
    #expect(
      try AppendAnswer(json: root, headers: answer.headers, end: end).response == response)
  }
}
