import Testing

/// Two digits a byte, in lines of 32 bytes.
func hexadecimal(_ bytes: [UInt8]) -> String {
  var text = ""
  for (index, byte) in bytes.enumerated() {
    if index > 0, index % 32 == 0 { text += "\n" }
    text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
  }
  return text
}

/// The bytes that the digits stand for; white space does not count.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// Checks bytes against a fixture.
///
/// Another fixture is another format: FORMATS.md and the changelog must say so.
func expectGolden(
  _ bytes: [UInt8], _ fixture: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let actual = hexadecimal(bytes)
  if actual != fixture {
    Issue.record("the bytes are\n\(actual)", sourceLocation: sourceLocation)
  }
}
