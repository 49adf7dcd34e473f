public import RaftSockets

/// One request of a client: what it asks for, at which target, with which fields and body.
///
/// Bodies are whole and bounded.
public struct HTTPRequest: Sendable {
  /// What is asked for.
  public var method: HTTPMethod
  /// The target as it stands in the request line, percent-encoded: `/write?id=7`.
  public var target: String
  /// The header fields; Host, Content-Length and Connection are written by the client itself.
  public var headers: HTTPHeaders
  /// The body, empty for none.
  public var body: [UInt8]
  /// Whether a client may send it again when it cannot know what became of the first.
  public var repetition: Repetition
  /// Who sent it; `nil` in a request that is to be sent.
  public internal(set) var peer: SocketAddress?

  /// Whether a request may be sent twice.
  public enum Repetition: Sendable {
    /// Twice has the effect of once.
    case harmless
    /// A second one could do it again.
    case harmful
  }

  /// A request to send.
  ///
  /// - Parameters:
  ///   - method: what is asked for.
  ///   - target: begins with `/`; characters other than visible ASCII must be percent-encoded.
  ///   - headers: without Host, Content-Length and Connection, which the client writes.
  ///   - body: all of it; empty for none.
  ///   - repetition: what the method says, if `nil`: GET, HEAD, PUT and DELETE may be repeated.
  public init(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
    repetition: Repetition? = nil
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.repetition = repetition ?? (method.isIdempotent ? .harmless : .harmful)
  }

  /// The target without its query, percent-encoded; `/` where a URL has no path.
  public var path: Substring {
    self.local.prefix { $0 != "?" }
  }

  /// The query behind the `?`, percent-encoded; `nil` without one.
  public var query: Substring? {
    let local = self.local
    guard let mark = local.firstIndex(of: "?") else { return nil }
    return local[local.index(after: mark)...]
  }

  /// The value of the first parameter of the query with this name, decoded; empty without a value.
  public func queryValue(_ name: String) -> String? {
    guard let query = self.query else { return nil }
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard HTTPRequest.decoded(parts[0]) == name else { continue }
      return parts.count == 2 ? HTTPRequest.decoded(parts[1]) : ""
    }
    return nil
  }

  /// The body as text; bytes that are not UTF-8 are replaced.
  public var text: String { String(decoding: self.body, as: UTF8.self) }

  /// The target from its path on: a proxy's form names scheme and host before it.
  private var local: Substring {
    guard let scheme = self.target.utf8.first, scheme != UInt8(ascii: "/") else {
      return self.target[...]
    }
    let parts = self.target.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty else { return self.target[...] }
    guard let start = parts[2].firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
    return parts[2][start] == "/" ? parts[2][start...] : "/" + parts[2][start...]
  }

  /// Decodes percent signs, and `+` as the space that forms write with it.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, rest.first != UInt8(ascii: "+"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? ByteClass.space : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
