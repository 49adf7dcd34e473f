/// The part of a request before its body.
package struct RequestHead: Equatable {
  package let method: HTTPMethod
  package let target: String
  package let version: HTTPVersion
  package fileprivate(set) var headers = HTTPHeaders()
  /// Whether the client wants to go on using the connection.
  package fileprivate(set) var keepsAlive = false
  /// Whether the client waits for the server's word before it sends the body.
  package fileprivate(set) var awaitsGoAhead = false
  /// The length of the body, where it is stated.
  package fileprivate(set) var contentLength: Int?
}

/// Reads requests out of bytes that come in pieces of any size: a pure state machine.
///
/// Give it each piece with an offset, and call `next` until it returns `nil`: the piece is then used
/// up. Events of several requests follow each other. After an error it stays at that error.
package struct RequestParser {
  /// What was read.
  package enum Event: Equatable {
    /// A request begins.
    case head(RequestHead)
    /// Bytes of its body: a range of the present piece.
    case body(Range<Int>)
    /// The request is complete.
    case end
  }

  private enum Phase {
    case requestLine
    case fields(RequestHead, MessageFacts, FieldReader)
    case body(BodyReader)
    case failed(MalformedMessage)
  }

  private let limits: HTTPLimits
  private var phase = Phase.requestLine
  private var lines = LineReader()
  private var hasSkippedEmptyLine = false

  package init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// Whether no part of a request has been read.
  package var isBetweenRequests: Bool {
    if case .requestLine = self.phase { self.lines.isEmpty } else { false }
  }

  package mutating func next(
    in input: UnsafeRawBufferPointer, at offset: inout Int
  ) throws(MalformedMessage) -> Event? {
    do throws(MalformedMessage) {
      return try self.step(input, &offset)
    } catch {
      self.phase = .failed(error)
      throw error
    }
  }

  private mutating func step(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws(MalformedMessage) -> Event? {
    while true {
      switch self.phase {
      case .failed(let error):
        throw error
      case .requestLine:
        guard let head = try self.readRequestLine(input, &offset) else { return nil }
        self.phase = .fields(head, MessageFacts(), FieldReader(limits: self.limits))
      case .fields(var head, var facts, var fields):
        // The phase gives up its copy, so that the fields are appended in place.
        self.phase = .requestLine
        var outcome = FieldReader.Outcome.field
        while outcome == .field {
          outcome = try fields.next(in: input, at: &offset, lines: &self.lines) {
            name, value throws(MalformedMessage) in
            try facts.note(name: name, value: value)
            head.headers.append(ByteClass.text(name), ByteClass.text(value))
          }
        }
        guard outcome == .end else {
          self.phase = .fields(head, facts, fields)
          return nil
        }
        return .head(try self.finishHead(head, facts))
      case .body(var body):
        let outcome = try body.next(in: input, at: &offset, lines: &self.lines)
        self.phase = .body(body)
        switch outcome {
        case .bytes(let range): return .body(range)
        case .needsMore: return nil
        case .end:
          self.phase = .requestLine
          self.hasSkippedEmptyLine = false
          return .end
        }
      }
    }
  }

  // MARK: The request line

  private mutating func readRequestLine(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws(MalformedMessage) -> RequestHead? {
    while true {
      if self.lines.isEmpty, offset < input.count {
        // Told at the first byte: whoever speaks another protocol may never send a line's end.
        guard ByteClass.isToken(input[offset]) || input[offset] == ByteClass.carriageReturn else {
          throw .bad("this is not HTTP: a request begins with its method")
        }
      }
      let limit = self.limits.startLineBytes
      let line = try self.lines.next(
        in: input, at: &offset, limit: limit,
        tooLong: MalformedMessage(
          .uriTooLong, "the request line exceeds the limit of \(limit) bytes"))
      guard let line else { return nil }
      if let head = try line.read(RequestParser.requestLine) { return head }
      // Some clients end a body with a line too many (RFC 9112 §2.2).
      guard !self.hasSkippedEmptyLine else { throw .bad("the request line is empty") }
      self.hasSkippedEmptyLine = true
    }
  }

  private static func requestLine(
    _ line: UnsafeRawBufferPointer
  ) throws(MalformedMessage) -> RequestHead? {
    guard !line.isEmpty else { return nil }
    guard let first = ByteClass.index(of: ByteClass.space, in: line),
      let second = ByteClass.index(of: ByteClass.space, in: line, from: first + 1)
    else {
      throw .bad("the request line must be a method, a target and a version")
    }
    let method = UnsafeRawBufferPointer(rebasing: line[..<first])
    let target = UnsafeRawBufferPointer(rebasing: line[(first + 1)..<second])
    let version = UnsafeRawBufferPointer(rebasing: line[(second + 1)...])
    guard ByteClass.isToken(method) else { throw .bad("the method is no token") }
    guard ByteClass.isTarget(target) else {
      throw .bad("the target is empty or has a character that must be percent-encoded")
    }
    return RequestHead(
      method: HTTPMethod(rawValue: ByteClass.text(method)), target: ByteClass.text(target),
      version: try HTTPVersion(parsing: version))
  }

  // MARK: The end of the head

  private mutating func finishHead(
    _ head: RequestHead, _ facts: MessageFacts
  ) throws(MalformedMessage) -> RequestHead {
    var head = head
    try facts.checkFraming(head.version)
    guard facts.hostCount == 1 || (head.version == .http10 && facts.hostCount == 0) else {
      throw .bad("a request must have exactly one Host field")
    }
    guard RequestParser.isServable(head) else {
      throw .bad("the target must be a path, a URL of http, or * with OPTIONS")
    }
    if facts.expectation == .unknown {
      throw MalformedMessage(.expectationFailed, "the only expectation met is 100-continue")
    }
    if facts.isChunked {
      self.phase = .body(.chunked(limits: self.limits))
    } else {
      self.phase = .body(try .length(facts.contentLength ?? 0, limits: self.limits))
    }
    head.keepsAlive = facts.keepsAlive(head.version)
    head.contentLength = facts.contentLength
    head.awaitsGoAhead =
      facts.expectation == .goAhead && head.version == .http11
      && (facts.isChunked || (facts.contentLength ?? 0) > 0)
    return head
  }

  private static func isServable(_ head: RequestHead) -> Bool {
    let target = head.target.utf8
    if target.first == UInt8(ascii: "/") { return true }
    if target.elementsEqual("*".utf8) { return head.method == .options }
    let scheme = head.target.prefix(8).lowercased()
    return scheme.hasPrefix("http://") || scheme == "https://"
  }
}
