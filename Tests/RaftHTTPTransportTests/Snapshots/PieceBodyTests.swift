import Raft
import RaftCodec
import Testing

@testable import RaftHTTPTransport

@Suite("Pieces of a snapshot")
struct PieceBodyTests {
  private static let snapshot = SnapshotMeta(
    lastLogID: Sample.logID(4), membership: .none, byteCount: 10, contentHash: 255)

  private static func piece(at offset: UInt64, _ content: [UInt8]) -> PieceBody {
    PieceBody(vote: Sample.vote, snapshot: self.snapshot, offset: offset, content: content)
  }

  @Test("A line of JSON says what the bytes behind it are")
  func text() throws {
    let piece = Self.piece(at: 7, Array("\n{}".utf8))
    #expect(
      Sample.text(piece.bytes()) == """
        {"vote":\(Sample.voteText),"snapshot":{"last_log_id":\(Sample.logIDText(4)),\
        "last_membership":{"log_id":null,"membership":{"configs":[],"nodes":{}}},\
        "snapshot_id":"00000000000000ff","byte_count":10},"offset":7,\
        "crc32c":\(CRC32C.checksum(of: Array("\n{}".utf8)))}
        \n{}
        """)
    #expect(try PieceBody(body: piece.bytes()) == piece)
    #expect(piece.end == 10)
    #expect(piece.isLast)
    #expect(!Self.piece(at: 0, [1]).isLast)
  }

  @Test("A piece that was changed on the way is not taken")
  func changed() {
    var body = Self.piece(at: 2, [1, 2, 3]).bytes()
    body[body.count - 1] = 4
    #expect {
      try PieceBody(body: body)
    } throws: { error in
      (error as? MessageFault)?.reason.hasPrefix("the 3 bytes at 2 were changed on the way") == true
    }
  }

  @Test(
    "Bytes that have no place in the snapshot are not taken",
    arguments: [(10, 1), (8, 3), (0, 0), (11, 1), (.max, 1)] as [(UInt64, Int)])
  func misplaced(offset: UInt64, byteCount: Int) {
    #expect(
      throws: MessageFault(
        "\(byteCount) bytes at \(offset) are no piece of a snapshot of 10 bytes")
    ) {
      try PieceBody(body: Self.piece(at: offset, [UInt8](repeating: 1, count: byteCount)).bytes())
    }
  }

  @Test("A body without the line is no piece")
  func lineless() {
    #expect(
      throws: MessageFault("the body has no line that says what the piece of a snapshot is")
    ) { try PieceBody(body: Array("{}".utf8)) }
  }

  @Test("An answer says where to go on, or what came of it")
  func answers() throws {
    let answers: [(PieceAnswer, String)] = [
      (.awaiting(offset: 7), #"{"next_offset":7}"#),
      (
        .done(SnapshotResponse(vote: Sample.vote, incarnation: Incarnation(1))),
        #"{"vote":\#(Sample.voteText),"incarnation":"0000000000000001"}"#
      ),
    ]
    for (answer, text) in answers {
      #expect(Sample.text(answer.jsonBytes()) == text)
      #expect(try read(PieceAnswer.self, text) == answer)
    }
  }
}
