import RaftEngine
import Testing

@testable import RaftCodec

@Suite("CRC-32C")
struct CRC32CTests {
  @Test("The check value of the algorithm comes out, by both ways")
  func checkValue() {
    let digits = Array("123456789".utf8)
    #expect(CRC32C.checksum(of: digits) == 0xE306_9283)
    #expect(digits.withUnsafeBytes { CRC32C.portableChecksum(of: $0) } == 0xE306_9283)
  }

  @Test("The vectors of RFC 3720 come out")
  func vectors() {
    #expect(CRC32C.checksum(of: Array(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(of: Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(of: Array(0..<32)) == 0x46DD_794E)
    #expect(CRC32C.checksum(of: Array((0..<32).reversed())) == 0x113F_DB5C)
  }

  @Test("Nothing has the checksum 0, and adding nothing changes nothing")
  func nothing() {
    #expect(CRC32C.checksum(of: [UInt8]()) == CRC32C.empty)
    #expect(CRC32C.checksum(of: [UInt8](), after: 77) == 77)
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    #expect(CRC32C.portableChecksum(of: none, after: 77) == 77)
  }

  @Test("Instruction and tables agree at every length and alignment")
  func agreement() {
    var random = SeededGenerator(seed: 1)
    let bytes = (0..<300).map { _ in random.byte() }
    bytes.withUnsafeBytes { all in
      for start in 0..<9 {
        for end in stride(from: start, to: all.count, by: 7) {
          let piece = UnsafeRawBufferPointer(rebasing: all[start..<end])
          #expect(
            CRC32C.checksum(of: piece, after: 5) == CRC32C.portableChecksum(of: piece, after: 5))
        }
      }
    }
  }

  @Test("The checksum of two pieces is that of the whole, wherever it is cut")
  func pieces() {
    var random = SeededGenerator(seed: 2)
    let bytes = (0..<64).map { _ in random.byte() }
    let whole = CRC32C.checksum(of: bytes)
    for cut in 0...bytes.count {
      let head = CRC32C.checksum(of: bytes, in: 0..<cut)
      #expect(CRC32C.checksum(of: bytes, in: cut..<bytes.count, after: head) == whole)
    }
  }

  @Test("A number counts as its eight bytes, least significant first")
  func number() {
    #expect(
      CRC32C.checksum(of: 0x0807_0605_0403_0201) == CRC32C.checksum(of: [1, 2, 3, 4, 5, 6, 7, 8]))
  }
}
