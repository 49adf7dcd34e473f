import RaftCodec
import RaftEngine
import Testing

@Suite("Content hash")
struct ContentHashTests {
  @Test(
    "The published values of XXH64 with seed 0 come out",
    arguments: [
      ("", UInt64(0xEF46_DB37_51D8_E999)),
      ("a", 0xD24E_C4F1_A98C_6E5B),
      ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ])
  func published(text: String, value: UInt64) {
    var hash = ContentHash()
    hash.update(with: Array(text.utf8))
    #expect(hash.value == value)
  }

  @Test("The hash does not depend on how the content is cut into pieces")
  func pieces() {
    var random = SeededGenerator(seed: 3)
    let bytes = (0..<500).map { _ in random.byte() }
    var whole = ContentHash()
    whole.update(with: bytes)
    for _ in 0..<50 {
      var pieces = ContentHash()
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 0...70, using: &random))
        pieces.update(with: Array(bytes[start..<end]))
        start = end
      }
      #expect(pieces.value == whole.value)
      #expect(pieces.byteCount == 500)
    }
  }
}
