/// How a request ended: a number of three digits.
public struct HTTPStatus: Hashable, Sendable {
  /// The number, 100 to 599.
  public let code: Int

  /// A status by its number, which must be from 100 to 599.
  public init(_ code: Int) {
    precondition((100...599).contains(code), "\(code) is no HTTP status")
    self.code = code
  }

  /// 200: done.
  public static let ok = HTTPStatus(200)
  /// 201: done, and something new exists.
  public static let created = HTTPStatus(201)
  /// 204: done, and there is nothing to say.
  public static let noContent = HTTPStatus(204)
  /// 304: what the client has is still right.
  public static let notModified = HTTPStatus(304)
  /// 307: ask the same at another place.
  public static let temporaryRedirect = HTTPStatus(307)
  /// 400: the request is malformed.
  public static let badRequest = HTTPStatus(400)
  /// 403: the client may not do this.
  public static let forbidden = HTTPStatus(403)
  /// 404: nothing is there.
  public static let notFound = HTTPStatus(404)
  /// 405: not with this method.
  public static let methodNotAllowed = HTTPStatus(405)
  /// 408: the request did not arrive in time.
  public static let requestTimeout = HTTPStatus(408)
  /// 409: the state does not allow it now.
  public static let conflict = HTTPStatus(409)
  /// 413: the body is larger than the server takes.
  public static let contentTooLarge = HTTPStatus(413)
  /// 414: the request line is longer than the server takes.
  public static let uriTooLong = HTTPStatus(414)
  /// 415: the body's format is not understood.
  public static let unsupportedMediaType = HTTPStatus(415)
  /// 417: the expectation is none that the server meets.
  public static let expectationFailed = HTTPStatus(417)
  /// 421: this server is not the one to ask.
  public static let misdirectedRequest = HTTPStatus(421)
  /// 422: understood, and not possible.
  public static let unprocessableContent = HTTPStatus(422)
  /// 429: too many requests.
  public static let tooManyRequests = HTTPStatus(429)
  /// 431: the header fields are more or larger than the server takes.
  public static let headerFieldsTooLarge = HTTPStatus(431)
  /// 500: the server failed.
  public static let internalServerError = HTTPStatus(500)
  /// 501: the server cannot do this.
  public static let notImplemented = HTTPStatus(501)
  /// 502: a server behind this one failed.
  public static let badGateway = HTTPStatus(502)
  /// 503: not now.
  public static let serviceUnavailable = HTTPStatus(503)
  /// 504: a server behind this one did not answer.
  public static let gatewayTimeout = HTTPStatus(504)
  /// 505: the version of HTTP is not understood.
  public static let versionNotSupported = HTTPStatus(505)

  /// The usual words for the number.
  public var reason: String {
    HTTPStatus.reasons[self.code] ?? "Status"
  }

  /// Whether a response with this status never has a body.
  var forbidsBody: Bool {
    self.code < 200 || self.code == 204 || self.code == 304
  }

  private static let reasons: [Int: String] = [
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
    410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
    414: "URI Too Long", 415: "Unsupported Media Type", 417: "Expectation Failed",
    421: "Misdirected Request", 422: "Unprocessable Content", 428: "Precondition Required",
    429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
  ]
}

extension HTTPStatus: CustomStringConvertible {
  /// The number and its words.
  public var description: String { "\(self.code) \(self.reason)" }
}
