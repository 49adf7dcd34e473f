/// What the header fields say about the message itself: its length, and the connection after it.
struct MessageFacts {
  var contentLength: Int?
  var isChunked = false
  var asksToClose = false
  var asksToKeepAlive = false
  var hostCount = 0
  var expectation: Expectation?

  /// What a client waits for before it sends the body.
  enum Expectation {
    case goAhead
    case unknown
  }

  /// Notes a field that matters; the fields of other names are the application's.
  mutating func note(
    name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
  ) throws(MalformedMessage) {
    switch name.count {
    case 4 where ByteClass.equals(name, "host"):
      self.hostCount += 1
    case 6 where ByteClass.equals(name, "expect"):
      self.expectation = ByteClass.equals(value, "100-continue") ? .goAhead : .unknown
    case 10 where ByteClass.equals(name, "connection"):
      self.noteConnection(value)
    case 14 where ByteClass.equals(name, "content-length"):
      guard let length = ByteClass.decimal(value) else {
        throw .bad("Content-Length must be one decimal number")
      }
      guard self.contentLength == nil || self.contentLength == length else {
        throw .bad("two Content-Length fields contradict each other")
      }
      self.contentLength = length
    case 17 where ByteClass.equals(name, "transfer-encoding"):
      guard ByteClass.equals(value, "chunked") else {
        throw MalformedMessage(.notImplemented, "the only transfer coding understood is chunked")
      }
      guard !self.isChunked else { throw .bad("the body is chunked twice") }
      self.isChunked = true
    default:
      return
    }
  }

  private mutating func noteConnection(_ value: UnsafeRawBufferPointer) {
    var start = 0
    while start <= value.count {
      let end = ByteClass.index(of: UInt8(ascii: ","), in: value, from: start) ?? value.count
      let option = ByteClass.trimmed(UnsafeRawBufferPointer(rebasing: value[start..<end]))
      if ByteClass.equals(option, "close") { self.asksToClose = true }
      if ByteClass.equals(option, "keep-alive") { self.asksToKeepAlive = true }
      start = end + 1
    }
  }

  /// A message with two statements of its length could be cut differently by someone else.
  func checkFraming(_ version: HTTPVersion) throws(MalformedMessage) {
    guard self.isChunked else { return }
    guard self.contentLength == nil else {
      throw .bad("Content-Length and Transfer-Encoding exclude each other")
    }
    guard version == .http11 else { throw .bad("Transfer-Encoding needs HTTP/1.1") }
  }

  func keepsAlive(_ version: HTTPVersion) -> Bool {
    version == .http11 ? !self.asksToClose : self.asksToKeepAlive && !self.asksToClose
  }
}
