/// Finds few of many things that still fail together: Zeller's and Hildebrandt's `ddmin`.
///
/// What is found is minimal in this sense: without any single one of the things it would not fail.
enum DeltaDebugging {
  /// The things that are needed, in their order.
  ///
  /// - Parameter fails: Whether a run with only these things fails; all together do.
  static func minimal<Thing>(_ all: [Thing], fails: ([Thing]) -> Bool) -> [Thing] {
    guard !all.isEmpty, !fails([]) else { return [] }
    var kept = all
    var partCount = 2
    while kept.count > 1 {
      let parts = Self.split(kept, into: partCount)
      if let part = parts.first(where: { fails(Array(kept[$0])) }) {
        kept = Array(kept[part])
        partCount = 2
      } else if partCount > 2,
        let part = parts.first(where: { fails(Self.without($0, kept)) })
      {
        kept = Self.without(part, kept)
        partCount -= 1
      } else if partCount < kept.count {
        partCount = min(2 * partCount, kept.count)
      } else {
        break
      }
    }
    return kept
  }

  private static func split<Thing>(_ things: [Thing], into count: Int) -> [Range<Int>] {
    (0..<count).map { part in
      (things.count * part / count)..<(things.count * (part + 1) / count)
    }
  }

  private static func without<Thing>(_ part: Range<Int>, _ things: [Thing]) -> [Thing] {
    Array(things[..<part.lowerBound]) + Array(things[part.upperBound...])
  }
}
