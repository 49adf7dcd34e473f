import RaftJSON
import Testing

@Suite("Random texts")
struct JSONRandomTests {
  @Test("What is written is read back equal", arguments: [1, 2, 3] as [UInt64])
  func roundTrip(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<700 {
      let tree = JSON.random(depth: 5, using: &random)
      #expect(try JSON(parsing: tree.bytes()) == tree)
      #expect(try JSON(parsing: tree.bytes(.indented)) == tree)
    }
  }

  @Test("Doubles are written so that they are read back as the same bits")
  func doubles() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<2000 {
      let double = Double(bitPattern: random.next())
      guard let number = JSONNumber(double) else { continue }
      let node = try JSONDocument("[\(number)]").root[0]
      #expect(try node.double().bitPattern == double.bitPattern)
    }
  }

  @Test("No bytes at all make the reader crash")
  func noise() {
    var random = SplitMix64(seed: 5)
    // Bytes that take the reader further than random ones would.
    let alphabet =
      Array(#"{}[]:,"\u0dD8e+-.123nulltrue "#.utf8) + [0xC3, 0xA9, 0xF0, 0x80, 0, 0x0A]
    for round in 0..<8000 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in
        round.isMultiple(of: 4)
          ? UInt8.random(in: .min ... .max, using: &random)
          : alphabet.randomElement(using: &random) ?? 0
      }
      self.check(bytes)
    }
  }

  @Test("No change of a valid text makes the reader crash, and both ways of checking agree")
  func mutations() {
    var random = SplitMix64(seed: 6)
    var refused = 0
    for _ in 0..<600 {
      let text = JSON.random(depth: 3, using: &random).bytes()
      for _ in 0..<20 {
        var bytes = text
        for _ in 0..<Int.random(in: 1...3, using: &random) { bytes.mutate(using: &random) }
        if !self.check(bytes) { refused += 1 }
      }
    }
    // The changes are neither all harmless nor all fatal.
    #expect(1000..<11_000 ~= refused)
  }

  /// Reads the bytes in every way; true if they are JSON.
  @discardableResult
  private func check(_ bytes: [UInt8]) -> Bool {
    let isWellFormed = JSON.isWellFormed(bytes)
    for names in [[], ["a", "b"]] {
      do throws(JSONError) {
        let document = try JSONDocument(bytes, sealing: names)
        #expect(isWellFormed, "\(bytes)")
        #expect(throws: Never.self, "\(bytes)") { try JSONFragment(document.root.fragment.bytes) }
        _ = try? document.root.bytes()
        guard let tree = try? document.root.json() else { continue }
        #expect(try JSON(parsing: tree.bytes()) == tree, "\(bytes)")
      } catch {
        #expect(!isWellFormed || error.reason == .duplicateName, "\(bytes) \(error)")
        #expect(0...bytes.count ~= error.offset)
        #expect(error.description.utf8.count < 1000)
      }
    }
    return isWellFormed
  }
}

/// A small generator of random numbers: the same seed gives the same numbers everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = self.state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension JSON {
  fileprivate static func random(depth: Int, using random: inout SplitMix64) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
    case 3: return JSONNumber(Double(bitPattern: random.next())).map { .number($0) } ?? 0
    case 4, 5: return .string(.random(using: &random))
    case 6:
      return .array(
        (0..<Int.random(in: 0...6, using: &random)).map { _ in .number(JSONNumber(random.next())) })
    case 7:
      return .array(
        (0..<Int.random(in: 0...5, using: &random)).map { _ in
          .random(depth: depth - 1, using: &random)
        })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...5, using: &random) {
        object[.random(using: &random)] = .random(depth: depth - 1, using: &random)
      }
      return .object(object)
    }
  }
}

extension String {
  fileprivate static func random(using random: inout SplitMix64) -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "b", "\"", "\\", "/", "\n", "\0", "\u{1F}", "\u{7F}", "é", "漢", "\u{2028}", "😀",
      "\u{10FFFF}",
    ]
    let count = Int.random(in: 0...20, using: &random)
    return String(
      UnicodeScalarView((0..<count).map { _ in scalars.randomElement(using: &random) ?? "x" }))
  }
}

extension [UInt8] {
  /// Removes, adds, doubles or changes some byte.
  fileprivate mutating func mutate(using random: inout SplitMix64) {
    guard let position = self.indices.randomElement(using: &random) else { return }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: self.remove(at: position)
    case 1: self.insert(.random(in: .min ... .max, using: &random), at: position)
    case 2: self.insert(self[position], at: position)
    default: self[position] = .random(in: .min ... .max, using: &random)
    }
  }
}
