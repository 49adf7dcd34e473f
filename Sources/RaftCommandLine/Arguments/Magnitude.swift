/// Numbers as people write them: 4096, 20k, 3m.
package enum Magnitude {
  /// Reads a number.
  ///
  /// - Throws: ``UsageError`` if the text is none, or one outside of the range.
  package static func number(
    _ text: String, of name: String, in range: ClosedRange<Int>
  ) throws(UsageError) -> Int {
    let factor = ["k": 1000, "m": 1_000_000, "g": 1_000_000_000][text.suffix(1).lowercased()]
    let digits = factor == nil ? text[...] : text.dropLast()
    let (number, isTooLarge) =
      Int(digits)?.multipliedReportingOverflow(by: factor ?? 1) ?? (0, true)
    guard !isTooLarge, range.contains(number) else {
      throw UsageError(
        "\(name) must be a number from \(range.lowerBound) to \(range.upperBound), "
          + "like 4096, 20k or 3m, not '\(text)'")
    }
    return number
  }
}
