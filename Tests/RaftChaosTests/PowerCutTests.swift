import Glibc
import Raft
import RaftCommandLine
import RaftFiles
import Testing

@testable import raft_chaos

@Suite("A power cut")
struct PowerCutTests {
  private static let sector = 512
  private let files = SystemFileSystem()

  @Test("What was synced is there, and of the rest each byte is the old one or the new one")
  func merging() {
    let synced = [UInt8](repeating: 1, count: 4 * Self.sector)
    var newer = synced + [UInt8](repeating: 2, count: 3 * Self.sector)
    newer.replaceSubrange(600..<700, with: [UInt8](repeating: 2, count: 100))
    var outcomes: Set<[UInt8]> = []
    for seed in 0..<200 as Range<UInt64> {
      var chance = SeededGenerator(seed: seed)
      var left = synced
      let lost = PowerCut.merge(newer, into: &left, &chance)
      #expect(left.count >= synced.count && left.count <= newer.count)
      for (place, byte) in left.enumerated() {
        let old = place < synced.count ? synced[place] : 0
        #expect(byte == old || byte == newer[place])
      }
      #expect(Array(left[..<Self.sector]) == Array(synced[..<Self.sector]))
      #expect((lost == 0) == (left == newer) || lost > 0)
      outcomes.insert(left)
    }
    #expect(outcomes.contains(synced))
    #expect(outcomes.contains(newer))
    #expect(outcomes.count > 10)
  }

  @Test("Nothing changes where everything is synced")
  func nothingUnsynced() {
    var chance = SeededGenerator(seed: 1)
    var left: [UInt8] = [1, 2, 3]
    #expect(PowerCut.merge([1, 2, 3], into: &left, &chance) == 0)
    #expect(left == [1, 2, 3])
  }

  /// A folder with a file of which the medium has an older content, and a file without a synced
  /// name; what a power cut leaves of both.
  private func strike(_ seed: UInt64) throws -> (synced: [UInt8], hasUnsynced: Bool) {
    let folder = try TemporaryFolder(prefix: "raft-chaos-tests-")
    defer { folder.remove() }
    let (data, medium) = ("\(folder.path)/data", "\(folder.path)/medium")
    for name in ["\(data)/log", "\(medium)/objects", "\(medium)/live", "\(medium)/tree/log"] {
      try self.files.createDirectory(name)
    }
    try self.write([1, 1, 2], to: "\(data)/log/a")
    let number = FileIdentity.of("\(data)/log/a")
    try self.write([1], to: "\(medium)/objects/\(number)")
    #expect(link("\(medium)/objects/\(number)", "\(medium)/tree/log/a") == 0)
    #expect(link("\(data)/log/a", "\(medium)/live/\(number)") == 0)
    try self.write([9], to: "\(data)/log/b")
    var chance = SeededGenerator(seed: seed)
    _ = try PowerCut(data: data, medium: medium).strike(&chance)
    #expect(try self.files.status(of: medium) == nil)
    return (
      try self.files.readFile(at: "\(data)/log/a"),
      try self.files.status(of: "\(data)/log/b") != nil
    )
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = try self.files.open(path, .createNew)
    defer { file.close() }
    try file.write(bytes, at: 0)
  }

  @Test("Files keep what the medium has of them; names that were not synced may be gone")
  func folders() throws {
    var contents: Set<[UInt8]> = []
    var names: Set<Bool> = []
    for seed in 0..<40 as Range<UInt64> {
      let left = try self.strike(seed)
      #expect(left.synced.first == 1)
      contents.insert(left.synced)
      names.insert(left.hasUnsynced)
    }
    #expect(contents.isSuperset(of: [[1], [1, 1, 2]]))
    #expect(names == [true, false])
  }

  @Test("Bits are flipped in complete files of the log, and nowhere behind their records")
  func flips() throws {
    let folder = try TemporaryFolder(prefix: "raft-chaos-tests-")
    defer { folder.remove() }
    try self.files.createDirectory(folder.path + "/log")
    let first = folder.path + "/log/00000000000000000001.log"
    let last = folder.path + "/log/00000000000000000002.log"
    try self.write([UInt8](repeating: 0, count: 900), to: first)
    var header = [UInt8](repeating: 0, count: 128)
    header[48] = 0x2C
    header[49] = 0x01
    try self.write(header, to: last)
    let sealed = SealedData(in: folder.path)
    #expect(try sealed.segments() == [SealedData.Stretch(path: first, length: 300)])
    var chance = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      let before = try self.files.readFile(at: first)
      let flip = try #require(try sealed.flip(oneOf: sealed.segments(), &chance))
      #expect(flip.path == first && flip.offset < 300)
      var expected = before
      expected[flip.offset] ^= 1 << flip.bit
      #expect(try self.files.readFile(at: first) == expected)
    }
    #expect(try self.files.readFile(at: last) == header)
  }
}
