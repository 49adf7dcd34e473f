/// The part of a response before its body.
package struct ResponseHead: Equatable {
  package let status: HTTPStatus
  package let version: HTTPVersion
  package fileprivate(set) var headers = HTTPHeaders()
  /// Whether the server goes on serving the connection.
  package fileprivate(set) var keepsAlive = false
}

/// Reads one response out of bytes that come in pieces of any size: a pure state machine.
///
/// Interim responses (100 to 199) are read and passed over. After an error it stays at that error.
package struct ResponseParser {
  /// What was read.
  package enum Event: Equatable {
    /// The response begins.
    case head(ResponseHead)
    /// Bytes of its body: a range of the present piece.
    case body(Range<Int>)
    /// The response is complete.
    case end
  }

  private enum Phase {
    case statusLine
    case fields(ResponseHead, MessageFacts, FieldReader)
    case body(BodyReader)
    case failed(MalformedMessage)
  }

  private let limits: HTTPLimits
  private let method: HTTPMethod
  private var phase = Phase.statusLine
  private var lines = LineReader()
  private var interimLeft = 16

  /// A parser for the response to a request of `method`, on which the body depends.
  package init(limits: HTTPLimits, to method: HTTPMethod) {
    self.limits = limits
    self.method = method
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

  /// The connection has ended: returns if that is the end of the response too.
  package func connectionEnded() throws(MalformedMessage) {
    switch self.phase {
    case .failed(let error):
      throw error
    case .body(let body) where body.endsWithConnection:
      return
    case .statusLine, .fields, .body:
      throw MalformedMessage(.badGateway, "the connection ended in the middle of the response")
    }
  }

  private mutating func step(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws(MalformedMessage) -> Event? {
    while true {
      switch self.phase {
      case .failed(let error):
        throw error
      case .statusLine:
        let limit = self.limits.startLineBytes
        let line = try self.lines.next(
          in: input, at: &offset, limit: limit,
          tooLong: .bad("the status line exceeds the limit of \(limit) bytes"))
        guard let line else { return nil }
        let head = try line.read(ResponseParser.statusLine)
        self.phase = .fields(head, MessageFacts(), FieldReader(limits: self.limits))
      case .fields(var head, var facts, var fields):
        // The phase gives up its copy, so that the fields are appended in place.
        self.phase = .statusLine
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
        guard let finished = try self.finishHead(head, facts) else { continue }
        return .head(finished)
      case .body(var body):
        let outcome = try body.next(in: input, at: &offset, lines: &self.lines)
        self.phase = .body(body)
        switch outcome {
        case .bytes(let range): return .body(range)
        case .needsMore: return nil
        case .end: return .end
        }
      }
    }
  }

  private static func statusLine(
    _ line: UnsafeRawBufferPointer
  ) throws(MalformedMessage) -> ResponseHead {
    guard line.count >= 12, line[8] == ByteClass.space,
      let code = ByteClass.decimal(UnsafeRawBufferPointer(rebasing: line[9..<12])),
      (100...599).contains(code), line.count == 12 || line[12] == ByteClass.space,
      ByteClass.isFieldText(line)
    else {
      throw .bad("the status line must be a version, a status and its words")
    }
    let version = try HTTPVersion(parsing: UnsafeRawBufferPointer(rebasing: line[..<8]))
    return ResponseHead(status: HTTPStatus(code), version: version)
  }

  /// Chooses how the body is read (RFC 9112 §6.3); `nil` after an interim response.
  private mutating func finishHead(
    _ head: ResponseHead, _ facts: MessageFacts
  ) throws(MalformedMessage) -> ResponseHead? {
    guard head.status.code >= 200 else {
      guard head.status.code != 101, self.interimLeft > 0 else {
        throw .bad("the server changes the protocol, or sends interim responses without end")
      }
      self.interimLeft -= 1
      self.phase = .statusLine
      return nil
    }
    try facts.checkFraming(head.version)
    var head = head
    head.keepsAlive = facts.keepsAlive(head.version)
    if head.status.forbidsBody || self.method == .head {
      self.phase = .body(.none(limits: self.limits))
    } else if facts.isChunked {
      self.phase = .body(.chunked(limits: self.limits))
    } else if let length = facts.contentLength {
      self.phase = .body(try .length(length, limits: self.limits))
    } else {
      head.keepsAlive = false
      self.phase = .body(.untilClose(limits: self.limits))
    }
    return head
  }
}
