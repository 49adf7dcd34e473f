/// Numbers of 64 bits as sixteen lower-case hexadecimal digits.
enum Hexadecimal {
  static func text(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The number; `nil` if the text has another form.
  static func number(_ text: some StringProtocol) -> UInt64? {
    // Numbers can be read in other forms, such as with a sign; each number has one text.
    UInt64(text, radix: 16).flatMap { self.text($0) == text ? $0 : nil }
  }
}
