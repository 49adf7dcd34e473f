/// Some whole numbers from 1 on, written as people write pages: `3,7-12`.
public struct NumberSet: Hashable, Sendable {
  /// In ascending order, with gaps between them.
  private let ranges: [ClosedRange<Int>]

  /// These numbers, in any order.
  public init(_ numbers: some Sequence<Int>) {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      if let last = ranges.last, number <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(number, last.upperBound)
      } else {
        ranges.append(number...number)
      }
    }
    self.ranges = ranges
  }

  /// Reads what ``description`` writes; `nil` if the text is something else.
  public init?(_ text: String) {
    guard text != "none" else {
      self.ranges = []
      return
    }
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first >= 1, first <= last, last < .max, first > (ranges.last?.upperBound ?? 0)
      else { return nil }
      // Neighbours become one range, so that equal sets are equal values.
      if let before = ranges.last, before.upperBound + 1 == first {
        ranges[ranges.count - 1] = before.lowerBound...last
      } else {
        ranges.append(first...last)
      }
    }
    self.ranges = ranges
  }

  /// Whether the number is one of them.
  public func contains(_ number: Int) -> Bool {
    var (low, high) = (0, self.ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if self.ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
    }
    return low < self.ranges.count && self.ranges[low].contains(number)
  }

  /// Whether there is none.
  public var isEmpty: Bool { self.ranges.isEmpty }
}

extension NumberSet: CustomStringConvertible {
  /// Numbers and ranges with commas between them; `none` for no number.
  public var description: String {
    guard !self.ranges.isEmpty else { return "none" }
    return self.ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }.joined(separator: ",")
  }
}
