/// Which of the numbered things of a run take place.
public enum Selection: Hashable, Sendable {
  /// All of them.
  case all
  /// These and no others.
  case only(NumberSet)
  /// All but these.
  case without(NumberSet)

  /// Whether the thing with this number takes place.
  func admits(_ number: Int) -> Bool {
    switch self {
    case .all: true
    case .only(let numbers): numbers.contains(number)
    case .without(let numbers): !numbers.contains(number)
    }
  }

  /// Of the things up to a number these take place: said in the shorter way.
  init(_ kept: [Int], of count: Int) {
    let numbers = Set(kept)
    let others = (1..<max(1, count + 1)).filter { !numbers.contains($0) }
    let only = NumberSet(kept)
    let without = NumberSet(others)
    if others.isEmpty {
      self = .all
    } else {
      self = only.description.count <= without.description.count ? .only(only) : .without(without)
    }
  }

  /// The words that name the selection to `raft-sim`, with a space before them.
  func arguments(_ things: String) -> String {
    switch self {
    case .all: ""
    case .only(let numbers): " --only-\(things) \(numbers)"
    case .without(let numbers): " --without-\(things) \(numbers)"
    }
  }
}
