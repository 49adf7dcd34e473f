import Glibc

/// The problem with a host's text, before it is known which address it stood in.
struct HostProblem: Error {
  let text: String

  init(_ text: String) {
    self.text = text
  }
}

extension SocketAddress {
  /// Reads a host: an IPv4 address, an IPv6 address in brackets, or a name.
  static func place(parsing host: Substring) throws(HostProblem) -> Place {
    let bytes = host.utf8
    guard !bytes.isEmpty else { throw HostProblem("the host is missing") }
    if bytes.first == UInt8(ascii: "[") {
      guard bytes.last == UInt8(ascii: "]"), bytes.count > 2 else {
        throw HostProblem("the bracket around the IPv6 address is not closed")
      }
      return try SocketAddress.ipv6(parsing: host.dropFirst().dropLast())
    }
    guard !bytes.contains(UInt8(ascii: "/")) else {
      throw HostProblem("it must stand without a scheme and a path")
    }
    guard !bytes.contains(UInt8(ascii: ":")) else {
      throw HostProblem("an IPv6 address must stand in brackets")
    }
    var ipv4 = in_addr()
    if inet_pton(AF_INET, String(host), &ipv4) == 1 {
      return .ipv4(UInt32(bigEndian: ipv4.s_addr))
    }
    guard SocketAddress.isPossibleName(bytes) else {
      throw HostProblem("the host is neither an IP address nor a possible name")
    }
    return .name(String(host))
  }

  private static func ipv6(parsing text: Substring) throws(HostProblem) -> Place {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    var address = in6_addr()
    guard inet_pton(AF_INET6, String(parts[0]), &address) == 1 else {
      throw HostProblem("the brackets must hold an IPv6 address")
    }
    var scope: UInt32 = 0
    if parts.count == 2 {
      scope = UInt32(parts[1]) ?? if_nametoindex(String(parts[1]))
      guard scope != 0 else {
        throw HostProblem("this machine has no network interface \"\(parts[1])\"")
      }
    }
    let (high, low) = SocketAddress.words(of: address)
    return .ipv6(high: high, low: low, scope: scope)
  }

  /// Letters, digits, `-`, `_` and dots, at most 253; a last label of digits would be a broken IPv4.
  private static func isPossibleName(_ bytes: Substring.UTF8View) -> Bool {
    guard bytes.count <= 253 else { return false }
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for (position, label) in labels.enumerated() {
      let isRoot = position == labels.count - 1 && position > 0
      guard (1...63).contains(label.count) || (label.isEmpty && isRoot) else { return false }
      let isPlain = label.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
      guard isPlain, label.first != UInt8(ascii: "-") else { return false }
    }
    guard let last = labels.last(where: { !$0.isEmpty }) else { return false }
    return !last.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func words(of address: in6_addr) -> (UInt64, UInt64) {
    withUnsafeBytes(of: address) { bytes in
      (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  private static func inet6(high: UInt64, low: UInt64) -> in6_addr {
    var address = in6_addr()
    withUnsafeMutableBytes(of: &address) { bytes in
      bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    return address
  }

  static func text(high: UInt64, low: UInt64) -> String {
    var address = SocketAddress.inet6(high: high, low: low)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress, inet_ntop(AF_INET6, &address, start, 64) != nil else {
        preconditionFailure("an IPv6 address has no text: \(high) \(low)")
      }
      return String(cString: start)
    }
  }

  /// Calls `body` with the system's form of an IP address; `nil` for a name.
  func withSystemAddress<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result? {
    switch self.place {
    case .name:
      return nil
    case .ipv4(let value):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = self.port.bigEndian
      address.sin_addr.s_addr = value.bigEndian
      return withUnsafeBytes(of: &address) { body(SocketAddress.head(of: $0), socklen_t($0.count)) }
    case .ipv6(let high, let low, let scope):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = self.port.bigEndian
      address.sin6_addr = SocketAddress.inet6(high: high, low: low)
      address.sin6_scope_id = scope
      return withUnsafeBytes(of: &address) { body(SocketAddress.head(of: $0), socklen_t($0.count)) }
    }
  }

  private static func head(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<sockaddr> {
    guard let start = bytes.baseAddress else { preconditionFailure("an address without bytes") }
    return start.assumingMemoryBound(to: sockaddr.self)
  }

  /// The system's form, read back; `nil` for families other than IPv4 and IPv6.
  init?(system address: UnsafePointer<sockaddr>) {
    let bytes = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let inet = bytes.loadUnaligned(as: sockaddr_in.self)
      self.init(
        place: .ipv4(UInt32(bigEndian: inet.sin_addr.s_addr)),
        port: UInt16(bigEndian: inet.sin_port))
    case AF_INET6:
      let inet = bytes.loadUnaligned(as: sockaddr_in6.self)
      let (high, low) = SocketAddress.words(of: inet.sin6_addr)
      self.init(
        place: .ipv6(high: high, low: low, scope: inet.sin6_scope_id),
        port: UInt16(bigEndian: inet.sin6_port))
    default:
      return nil
    }
  }

  /// The domain to make a socket in; `nil` for a name.
  var family: Int32? {
    switch self.place {
    case .ipv4: AF_INET
    case .ipv6: AF_INET6
    case .name: nil
    }
  }
}
