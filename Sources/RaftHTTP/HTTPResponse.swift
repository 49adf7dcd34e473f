/// The answer to a request: how it ended, with which fields and body.
///
/// Bodies are whole and bounded.
public struct HTTPResponse: Sendable, Equatable {
  /// How the request ended.
  public var status: HTTPStatus
  /// The header fields; Content-Length, Connection and Date are written by the server itself,
  /// except that `Connection: close` here makes it close the connection.
  public var headers: HTTPHeaders
  /// The body, empty for none.
  public var body: [UInt8]

  /// A response of bytes.
  public init(_ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A response of plain text in UTF-8.
  public static func text(_ text: String, _ status: HTTPStatus = .ok) -> HTTPResponse {
    HTTPResponse(
      status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
  }

  /// A response of JSON, given as text.
  public static func json(_ text: String, _ status: HTTPStatus = .ok) -> HTTPResponse {
    HTTPResponse(status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
  }

  /// The body as text; bytes that are not UTF-8 are replaced.
  public var text: String { String(decoding: self.body, as: UTF8.self) }
}
