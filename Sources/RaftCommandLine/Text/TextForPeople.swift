/// A number with its noun, as in `1 line` and `2 lines`.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

extension Double {
  /// The number with so many digits behind the point, as text.
  package func rounded(to digits: Int) -> String {
    guard digits > 0 else { return String(Int(self.rounded())) }
    let scale = Int((0..<digits).reduce(1) { power, _ in power * 10 })
    let whole = Int((self * Double(scale)).rounded())
    let fraction = String(abs(whole % scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(whole < 0 && whole > -scale ? "-" : "")\(whole / scale).\(zeros)\(fraction)"
  }
}

extension Duration {
  /// The duration in milliseconds or seconds, as text for people.
  package var forPeople: String {
    let seconds = self / .seconds(1)
    return seconds < 1
      ? "\((seconds * 1000).rounded(to: 0)) ms" : "\(seconds.rounded(to: 1)) s"
  }
}
