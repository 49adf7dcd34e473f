import Glibc

/// A place on the network: an IP address or a host name, and a port.
///
/// The text form is `127.0.0.1:21001`, `[::1]:80` or `host.example:8080`. A name is resolved when it
/// is connected to or listened on, never while parsing.
public struct SocketAddress: Hashable, Sendable {
  /// The port, 0 to 65535; 0 lets the system choose when listening.
  public let port: UInt16
  let place: Place

  enum Place: Hashable, Sendable {
    case ipv4(UInt32)
    case ipv6(high: UInt64, low: UInt64, scope: UInt32)
    case name(String)
  }

  init(place: Place, port: UInt16) {
    self.place = place
    self.port = port
  }

  /// This machine alone: 127.0.0.1 and `port`; port 0 lets the system choose when listening.
  public static func loopback(port: UInt16) -> SocketAddress {
    SocketAddress(place: .ipv4(0x7f00_0001), port: port)
  }

  /// Reads `host:port`, where an IPv6 host stands in brackets.
  ///
  /// - Throws: `SocketAddressError` with what was expected in place of what was found.
  public init(parsing text: String) throws(SocketAddressError) {
    let utf8 = text.utf8
    guard let colon = utf8.lastIndex(of: UInt8(ascii: ":")) else {
      throw SocketAddressError(text, problem: "the port is missing")
    }
    let host = text[..<colon]
    let digits = utf8[utf8.index(after: colon)...]
    if host.utf8.first == UInt8(ascii: "["), host.utf8.last != UInt8(ascii: "]") {
      throw SocketAddressError(text, problem: "the port is missing after the bracket")
    }
    guard !digits.isEmpty, digits.count <= 5,
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = UInt16(String(text[digits.startIndex..<digits.endIndex]))
    else {
      throw SocketAddressError(text, problem: "the port must be a number from 0 to 65535")
    }
    do {
      self.init(place: try SocketAddress.place(parsing: host), port: port)
    } catch {
      throw SocketAddressError(text, problem: error.text)
    }
  }

  /// An address from its two parts; an IPv6 host may stand with or without brackets.
  ///
  /// - Throws: `SocketAddressError` when the host is neither an IP address nor a possible name.
  public init(host: String, port: UInt16) throws(SocketAddressError) {
    do {
      let bare = host.utf8.contains(UInt8(ascii: ":")) && host.utf8.first != UInt8(ascii: "[")
      let place = try SocketAddress.place(parsing: bare ? "[\(host)]" : Substring(host))
      self.init(place: place, port: port)
    } catch {
      throw SocketAddressError(host, problem: error.text)
    }
  }

  /// The host without brackets: an IP address in its shortest form, or the name.
  public var host: String {
    switch self.place {
    case .ipv4(let value):
      return "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    case .ipv6(let high, let low, let scope):
      let text = SocketAddress.text(high: high, low: low)
      return scope == 0 ? text : "\(text)%\(scope)"
    case .name(let name):
      return name
    }
  }

  /// True for an IP address, false for a name that is still to be resolved.
  public var isResolved: Bool {
    if case .name = self.place { false } else { true }
  }

  /// The same host with another port.
  public func withPort(_ port: UInt16) -> SocketAddress {
    SocketAddress(place: self.place, port: port)
  }
}

extension SocketAddress: CustomStringConvertible {
  /// The text form, as `init(parsing:)` reads it.
  public var description: String {
    if case .ipv6 = self.place {
      "[\(self.host)]:\(self.port)"
    } else {
      "\(self.host):\(self.port)"
    }
  }
}

/// A text that is no socket address, and what was expected.
public struct SocketAddressError: Error, Equatable, Sendable {
  /// The text that was read.
  public let text: String
  /// What is wrong with it.
  public let problem: String

  init(_ text: String, problem: String) {
    self.text = text
    self.problem = problem
  }
}

extension SocketAddressError: CustomStringConvertible {
  /// What is wrong with the text, and the form it should have.
  public var description: String {
    "\"\(self.text)\" is no socket address: \(self.problem); "
      + "write host:port, such as 127.0.0.1:21001, [::1]:21001 or server.example:21001"
  }
}
