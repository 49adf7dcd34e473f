/// The versions of HTTP that are spoken.
package enum HTTPVersion: Equatable, Sendable {
  case http10
  case http11
}

extension HTTPVersion {
  /// Reads `HTTP/1.1`; a version that is well-formed and not spoken is told apart.
  init(parsing bytes: UnsafeRawBufferPointer) throws(MalformedMessage) {
    let digits: ClosedRange<UInt8> = 0x30...0x39
    guard bytes.count == 8, bytes[..<5].elementsEqual("HTTP/".utf8),
      digits.contains(bytes[5]), bytes[6] == UInt8(ascii: "."), digits.contains(bytes[7])
    else {
      throw .bad("the version must be HTTP/1.1")
    }
    switch (bytes[5], bytes[7]) {
    case (0x31, 0x31): self = .http11
    case (0x31, 0x30): self = .http10
    default:
      throw MalformedMessage(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken")
    }
  }
}
