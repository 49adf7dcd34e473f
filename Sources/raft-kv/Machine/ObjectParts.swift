/// Cuts a JSON object that comes in pieces, cut anywhere, into smaller objects with the same members.
struct ObjectParts {
  /// A part is handed out when it has so many bytes.
  private static let size = 64 << 10

  /// What has come since the last part: an object once everything has come.
  private(set) var rest: [UInt8] = []
  private var depth = 0
  private var isInText = false
  private var isEscaped = false

  /// Nothing yet.
  init() {}

  /// Takes a piece; returns the members that are complete if they are enough for a part.
  mutating func take(_ piece: [UInt8]) -> [UInt8]? {
    var cut: Int?
    for byte in piece {
      self.rest.append(byte)
      if self.isEscaped {
        self.isEscaped = false
      } else if self.isInText {
        self.isEscaped = byte == UInt8(ascii: "\\")
        self.isInText = byte != UInt8(ascii: "\"")
      } else {
        switch byte {
        case UInt8(ascii: "\""): self.isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): self.depth -= 1
        case UInt8(ascii: ",") where self.depth == 1: cut = self.rest.count - 1
        default: break
        }
      }
    }
    guard let cut, cut >= Self.size else { return nil }
    let part = self.rest[..<cut] + [UInt8(ascii: "}")]
    self.rest = [UInt8(ascii: "{")] + self.rest[(cut + 1)...]
    return Array(part)
  }
}
