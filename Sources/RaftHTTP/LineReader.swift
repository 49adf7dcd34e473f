/// Cuts lines out of input that comes in pieces, and keeps the piece of an unfinished line.
struct LineReader {
  private var carried: [UInt8] = []

  /// A line without its end mark, where it lies.
  enum Line {
    case inInput(UnsafeRawBufferPointer)
    case carried([UInt8])

    /// Calls `body` with the line's bytes.
    func read<Result>(
      _ body: (UnsafeRawBufferPointer) throws(MalformedMessage) -> Result
    ) throws(MalformedMessage) -> Result {
      switch self {
      case .inInput(let bytes):
        return try body(bytes)
      case .carried(let bytes):
        let result = bytes.withUnsafeBytes { buffer -> Swift.Result<Result, MalformedMessage> in
          do throws(MalformedMessage) {
            return .success(try body(buffer))
          } catch {
            return .failure(error)
          }
        }
        return try result.get()
      }
    }
  }

  /// Whether no part of a line is kept.
  var isEmpty: Bool { self.carried.isEmpty }

  /// The next line, which ends with CR LF; `nil` when the input ends before the line does.
  ///
  /// Whatever the pieces are, the same bytes give the same lines and the same errors: a line is
  /// judged when it is complete, and its length as soon as it exceeds the limit.
  mutating func next(
    in input: UnsafeRawBufferPointer, at offset: inout Int, limit: Int,
    tooLong: @autoclosure () -> MalformedMessage
  ) throws(MalformedMessage) -> Line? {
    guard let end = ByteClass.index(of: ByteClass.lineFeed, in: input, from: offset) else {
      guard self.carried.count + input.count - offset <= limit else { throw tooLong() }
      self.carried.append(contentsOf: input[offset...])
      offset = input.count
      return nil
    }
    guard self.carried.count + end - offset <= limit else { throw tooLong() }
    let piece = UnsafeRawBufferPointer(rebasing: input[offset..<end])
    offset = end + 1
    guard !self.carried.isEmpty else {
      return .inInput(try LineReader.withoutReturn(piece))
    }
    var line = self.carried
    self.carried = []
    line.append(contentsOf: piece)
    let length = try Line.carried(line).read { whole throws(MalformedMessage) in
      try LineReader.withoutReturn(whole).count
    }
    line.removeLast(line.count - length)
    return .carried(line)
  }

  private static func withoutReturn(
    _ line: UnsafeRawBufferPointer
  ) throws(MalformedMessage) -> UnsafeRawBufferPointer {
    guard let first = ByteClass.index(of: ByteClass.carriageReturn, in: line) else {
      throw .bad("a line ends with LF alone; it must end with CR LF")
    }
    guard first == line.count - 1 else { throw .bad("a CR stands inside a line") }
    return UnsafeRawBufferPointer(rebasing: line[..<first])
  }
}
