/// Reads the body of a message: by its length, in chunks, or until the connection ends.
struct BodyReader {
  private enum Phase {
    case rest(Int)
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailers(FieldReader)
    case untilClose
    case done
  }

  /// What came of reading; the range is a part of the input.
  enum Outcome: Equatable {
    case bytes(Range<Int>)
    case end
    case needsMore
  }

  private let limits: HTTPLimits
  private var phase: Phase
  private var taken = 0

  /// A size line of a chunk has a number and at most short extensions.
  private static let chunkLineBytes = 256

  private init(limits: HTTPLimits, phase: Phase) {
    self.limits = limits
    self.phase = phase
  }

  static func none(limits: HTTPLimits) -> BodyReader {
    BodyReader(limits: limits, phase: .done)
  }

  /// - Throws: at once when the length exceeds the limit.
  static func length(
    _ length: Int, limits: HTTPLimits
  ) throws(MalformedMessage) -> BodyReader {
    guard length <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    return BodyReader(limits: limits, phase: length == 0 ? .done : .rest(length))
  }

  static func chunked(limits: HTTPLimits) -> BodyReader {
    BodyReader(limits: limits, phase: .chunkSize)
  }

  static func untilClose(limits: HTTPLimits) -> BodyReader {
    BodyReader(limits: limits, phase: .untilClose)
  }

  /// Whether the end of the connection is the end of the body.
  var endsWithConnection: Bool {
    if case .untilClose = self.phase { true } else { false }
  }

  mutating func next(
    in input: UnsafeRawBufferPointer, at offset: inout Int, lines: inout LineReader
  ) throws(MalformedMessage) -> Outcome {
    while true {
      switch self.phase {
      case .done:
        return .end
      case .rest(let left):
        return self.take(left, input, &offset) { $0 == 0 ? .done : .rest($0) }
      case .chunk(let left):
        return self.take(left, input, &offset) { $0 == 0 ? .chunkEnd : .chunk($0) }
      case .untilClose:
        guard input.count - offset <= self.limits.bodyBytes - self.taken else {
          throw .bodyTooLarge(self.limits)
        }
        self.taken += input.count - offset
        return self.take(.max, input, &offset) { _ in .untilClose }
      case .chunkSize:
        guard try self.readChunkSize(input, &offset, &lines) else { return .needsMore }
      case .chunkEnd:
        let end = try lines.next(
          in: input, at: &offset, limit: 1, tooLong: .bad("a chunk is longer than its size says"))
        guard end != nil else { return .needsMore }
        self.phase = .chunkSize
      case .trailers(var fields):
        let outcome = try fields.next(in: input, at: &offset, lines: &lines) {
          _, _ throws(MalformedMessage) in
        }
        self.phase = outcome == .end ? .done : .trailers(fields)
        if outcome == .needsMore { return .needsMore }
      }
    }
  }

  private mutating func take(
    _ left: Int, _ input: UnsafeRawBufferPointer, _ offset: inout Int, then: (Int) -> Phase
  ) -> Outcome {
    let count = min(left, input.count - offset)
    guard count > 0 else { return .needsMore }
    defer { offset += count }
    self.phase = then(left - count)
    return .bytes(offset..<(offset + count))
  }

  private mutating func readChunkSize(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int, _ lines: inout LineReader
  ) throws(MalformedMessage) -> Bool {
    let line = try lines.next(
      in: input, at: &offset, limit: BodyReader.chunkLineBytes,
      tooLong: .bad("the size line of a chunk is longer than \(BodyReader.chunkLineBytes) bytes"))
    guard let line else { return false }
    let size = try line.read(BodyReader.chunkSize)
    guard size <= self.limits.bodyBytes - self.taken else { throw .bodyTooLarge(self.limits) }
    self.taken += size
    self.phase = size == 0 ? .trailers(FieldReader(limits: self.limits)) : .chunk(size)
    return true
  }

  /// Hexadecimal digits, then nothing or an extension behind a semicolon.
  private static func chunkSize(
    _ line: UnsafeRawBufferPointer
  ) throws(MalformedMessage) -> Int {
    let end = ByteClass.index(of: UInt8(ascii: ";"), in: line) ?? line.count
    let digits = UnsafeRawBufferPointer(rebasing: line[..<end])
    guard !digits.isEmpty, digits.count <= 15, ByteClass.isFieldText(line) else {
      throw .bad("the size of a chunk must be a hexadecimal number")
    }
    var size = 0
    for byte in digits {
      switch byte {
      case 0x30...0x39: size = size << 4 | Int(byte - 0x30)
      case 0x41...0x46: size = size << 4 | Int(byte - 0x41 + 10)
      case 0x61...0x66: size = size << 4 | Int(byte - 0x61 + 10)
      default: throw .bad("the size of a chunk must be a hexadecimal number")
      }
    }
    return size
  }
}
