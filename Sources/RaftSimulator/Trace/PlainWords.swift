/// Values of the protocol in the words of people: no name of a type, no sign of how a value is
/// kept.
///
/// A case becomes its name, what belongs to it stands in parentheses behind it: `vote requested
/// (vote T2-N1, last log ID T1-N1.4, from node 2)`. Values that describe themselves do so.
enum PlainWords {
  /// A value in words.
  static func of(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      return mirror.children.first.map { Self.of($0.value) } ?? "nothing"
    case .collection:
      return "[" + mirror.children.map { Self.of($0.value) }.joined(separator: ", ") + "]"
    case .set:
      return "[" + mirror.children.map { Self.of($0.value) }.sorted().joined(separator: ", ") + "]"
    case .tuple:
      return Self.list(Array(mirror.children))
    default:
      break
    }
    if let described = value as? any CustomStringConvertible { return described.description }
    switch mirror.displayStyle {
    case .enum:
      guard let child = mirror.children.first else { return Self.split("\(value)") }
      return "\(Self.split(child.label ?? "")) (\(Self.of(child.value)))"
    case .struct:
      let children = Array(mirror.children)
      return children.count == 1 ? Self.of(children[0].value) : Self.list(children)
    default:
      return "\(value)"
    }
  }

  private static func list(_ children: [Mirror.Child]) -> String {
    children.map { child in
      let label = child.label.flatMap { $0.hasPrefix(".") ? nil : Self.split($0) }
      let text = Self.of(child.value)
      switch (label, text) {
      case (let label?, "true"): return label
      case (let label?, "false"): return "not \(label)"
      case (let label?, _): return "\(label) \(text)"
      case (nil, _): return text
      }
    }.joined(separator: ", ")
  }

  /// A name such as `crashDuringChange` as `crash during change`; capitals that stand together
  /// stay so.
  static func split(_ name: String) -> String {
    let letters = Array(name)
    var words = ""
    for (place, letter) in letters.enumerated() {
      guard letter.isUppercase else {
        words.append(letter)
        continue
      }
      let next = place + 1 < letters.count ? letters[place + 1] : "A"
      let begins = place > 0 && (!letters[place - 1].isUppercase || !next.isUppercase)
      if begins { words.append(" ") }
      words += begins && !next.isUppercase ? letter.lowercased() : String(letter)
    }
    return words.hasPrefix("is ") ? String(words.dropFirst(3)) : words
  }
}
