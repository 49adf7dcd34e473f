/// What Swift writes about values, in the words of people.
enum TraceWording {
  /// The text without names of modules, and without what wraps values that may be absent.
  static func plain(_ text: String) -> String {
    guard text.contains("Optional(") || text.contains("Raft") else { return text }
    var plain: [Character] = []
    // For each open parenthesis, whether it belongs to a wrapper that is left out.
    var wrappers: [Bool] = []
    var rest = Substring(text)
    while let next = rest.first {
      if let word = Self.leftOut.first(where: { rest.hasPrefix($0) }) {
        if word.hasSuffix("(") { wrappers.append(true) }
        rest = rest.dropFirst(word.count)
        continue
      }
      rest = rest.dropFirst()
      switch next {
      case "(":
        wrappers.append(false)
      case ")" where wrappers.popLast() ?? false:
        continue
      default:
        break
      }
      plain.append(next)
    }
    return String(plain)
  }

  private static let leftOut = ["Optional(", "RaftEngine.", "RaftSimulator.", "Raft."]
}
