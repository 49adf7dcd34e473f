/// Writes heads of messages; refuses fields that would break out of their line.
enum MessageWriter {
  /// A field that cannot be written, by its name.
  struct UnwritableField: Error {
    let name: String
  }

  /// Fields that the writer alone decides on.
  private static let ownFields = ["content-length", "transfer-encoding", "connection", "date"]

  /// What a response says about its connection.
  enum Ending {
    case keepAlive
    /// For clients of HTTP/1.0, which must be told.
    case keepAliveSaid
    case close
  }

  static func head(
    of response: HTTPResponse, date: [UInt8], ending: Ending
  ) throws(UnwritableField) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(192 + (response.body.count <= joinBelow ? response.body.count : 0))
    bytes.append(contentsOf: "HTTP/1.1 ".utf8)
    MessageWriter.append(response.status.code, to: &bytes)
    bytes.append(ByteClass.space)
    bytes.append(contentsOf: response.status.reason.utf8)
    bytes.append(contentsOf: date)
    if !response.status.forbidsBody {
      bytes.append(contentsOf: "Content-Length: ".utf8)
      MessageWriter.append(response.body.count, to: &bytes)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    switch ending {
    case .keepAlive: break
    case .keepAliveSaid: bytes.append(contentsOf: "Connection: keep-alive\r\n".utf8)
    case .close: bytes.append(contentsOf: "Connection: close\r\n".utf8)
    }
    try MessageWriter.append(response.headers, to: &bytes)
    bytes.append(contentsOf: "\r\n".utf8)
    return bytes
  }

  /// The head of a request; method and target must have been checked.
  static func head(
    of request: HTTPRequest, host: String
  ) throws(UnwritableField) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(192 + (request.body.count <= joinBelow ? request.body.count : 0))
    bytes.append(contentsOf: request.method.rawValue.utf8)
    bytes.append(ByteClass.space)
    bytes.append(contentsOf: request.target.utf8)
    bytes.append(contentsOf: " HTTP/1.1\r\n".utf8)
    if request.headers["host"] == nil {
      bytes.append(contentsOf: "Host: ".utf8)
      bytes.append(contentsOf: host.utf8)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    let expectsBody = [.post, .put, .patch].contains(request.method)
    if expectsBody || !request.body.isEmpty {
      bytes.append(contentsOf: "Content-Length: ".utf8)
      MessageWriter.append(request.body.count, to: &bytes)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    try MessageWriter.append(request.headers, to: &bytes)
    bytes.append(contentsOf: "\r\n".utf8)
    return bytes
  }

  /// Bodies up to this size are sent in one piece with their head.
  static let joinBelow = 16 << 10

  private static func append(
    _ headers: HTTPHeaders, to bytes: inout [UInt8]
  ) throws(UnwritableField) {
    for field in headers {
      let isName = !field.name.isEmpty && field.name.utf8.allSatisfy(ByteClass.isToken)
      let isValue = field.value.utf8.allSatisfy { byte in
        (byte >= 0x20 && byte != 0x7f) || byte == ByteClass.tab
      }
      guard isName, isValue else { throw UnwritableField(name: field.name) }
      if MessageWriter.isOwn(field.name) { continue }
      bytes.append(contentsOf: field.name.utf8)
      bytes.append(contentsOf: ": ".utf8)
      bytes.append(contentsOf: field.value.utf8)
      bytes.append(contentsOf: "\r\n".utf8)
    }
  }

  private static func isOwn(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4, 10, 14, 17: ownFields.contains { HTTPHeaders.areEqual($0, name) }
    default: false
    }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number >= 10 { MessageWriter.append(number / 10, to: &bytes) }
    bytes.append(UInt8(0x30 + number % 10))
  }
}
