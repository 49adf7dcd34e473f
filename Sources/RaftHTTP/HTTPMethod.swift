/// What a request asks for: `GET`, `POST` and the like, compared exactly.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable {
  /// The method's name as it stands in the request line.
  public let rawValue: String

  /// A method by its name, which must be a token of HTTP to be sent.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Reads a resource.
  public static let get = HTTPMethod(rawValue: "GET")
  /// Reads a resource's head alone.
  public static let head = HTTPMethod(rawValue: "HEAD")
  /// Hands something over to be processed.
  public static let post = HTTPMethod(rawValue: "POST")
  /// Puts a resource in the place of what was there.
  public static let put = HTTPMethod(rawValue: "PUT")
  /// Changes a part of a resource.
  public static let patch = HTTPMethod(rawValue: "PATCH")
  /// Removes a resource.
  public static let delete = HTTPMethod(rawValue: "DELETE")
  /// Asks what may be asked.
  public static let options = HTTPMethod(rawValue: "OPTIONS")
  /// Asks for the request itself, as it arrived.
  public static let trace = HTTPMethod(rawValue: "TRACE")

  /// Whether doing it twice has the effect of doing it once (RFC 9110 §9.2.2).
  public var isIdempotent: Bool {
    switch self {
    case .get, .head, .put, .delete, .options, .trace: true
    default: false
    }
  }
}

extension HTTPMethod: CustomStringConvertible {
  /// The method's name.
  public var description: String { self.rawValue }
}
