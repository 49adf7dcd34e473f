/// Reads header or trailer fields until the empty line, within the limits.
struct FieldReader {
  private let limits: HTTPLimits
  private var bytesLeft: Int
  private var countLeft: Int

  init(limits: HTTPLimits) {
    self.limits = limits
    self.bytesLeft = limits.headerBytes
    self.countLeft = limits.headerCount
  }

  /// What came of reading.
  enum Outcome {
    case field
    case end
    case needsMore
  }

  /// Reads one field and hands its name and value to `take`.
  mutating func next(
    in input: UnsafeRawBufferPointer, at offset: inout Int, lines: inout LineReader,
    _ take: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(MalformedMessage) -> Void
  ) throws(MalformedMessage) -> Outcome {
    let limits = self.limits
    guard
      let line = try lines.next(
        in: input, at: &offset, limit: self.bytesLeft, tooLong: .fieldsTooLarge(limits))
    else { return .needsMore }
    let countLeft = self.countLeft
    let length = try line.read { bytes throws(MalformedMessage) in
      if !bytes.isEmpty {
        guard countLeft > 0 else { throw .tooManyFields(limits) }
        try FieldReader.split(bytes, take)
      }
      return bytes.count
    }
    guard length > 0 else { return .end }
    self.bytesLeft -= length + 1
    self.countLeft -= 1
    return .field
  }

  private static func split(
    _ line: UnsafeRawBufferPointer,
    _ take: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(MalformedMessage) -> Void
  ) throws(MalformedMessage) {
    guard line[0] != ByteClass.space, line[0] != ByteClass.tab else {
      throw .bad("a header field is folded over two lines")
    }
    guard let colon = ByteClass.index(of: ByteClass.colon, in: line) else {
      throw .bad("a header field has no colon")
    }
    let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
    guard ByteClass.isToken(name) else {
      let isSpaced = !name.isEmpty && [ByteClass.space, ByteClass.tab].contains(name[colon - 1])
      throw .bad(
        isSpaced
          ? "a space stands before the colon of a header field"
          : "the name of a header field is empty or has a character that names cannot have")
    }
    let value = ByteClass.trimmed(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]))
    guard ByteClass.isFieldText(value) else {
      throw .bad("the value of a header field has a control character")
    }
    try take(name, value)
  }
}
