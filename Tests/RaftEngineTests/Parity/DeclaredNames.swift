/// What the package's sources declare, found by their strict form: one declaration a line, and two
/// spaces more for each level.
struct DeclaredNames {
  /// Every `Type.member` that others can see.
  private(set) var visible: Set<String> = []
  /// Every type, also those of the inside.
  private(set) var types: Set<String> = []

  /// The names of tests, suites and conformance rules.
  private(set) var titles: Set<String> = []

  init() throws {
    for lines in try Self.files(in: "Sources") { self.takeDeclarations(lines) }
    for lines in try Self.files(in: "Tests") {
      self.takeTitles(lines, after: ["@Test(", "@Suite("])
    }
    for lines in try Self.files(in: "Sources/RaftStoreTesting") {
      self.takeTitles(lines, after: ["StoreCase(", "MachineCase(", "rule("])
    }
  }

  /// The lines of all sources in a folder.
  static func files(in folder: String) throws -> [[Substring]] {
    try SourceTree.paths(in: folder).map {
      try SourceTree.text(of: $0).split(separator: "\n", omittingEmptySubsequences: false)
    }
  }

  private static let modifiers: Set = [
    "public", "package", "internal", "private", "fileprivate", "static", "final", "indirect",
    "mutating", "nonmutating", "nonisolated", "private(set)", "internal(set)", "package(set)",
  ]
  private static let typeWords: Set = ["struct", "enum", "class", "protocol", "actor", "extension"]
  private static let memberWords: Set = [
    "func", "var", "let", "case", "init", "subscript", "typealias", "associatedtype",
  ]

  private mutating func takeDeclarations(_ lines: [Substring]) {
    var outer: [(indent: Int, path: String, isVisible: Bool, word: String)] = []
    for line in lines {
      let indent = line.utf8.prefix { $0 == 32 }.count
      guard Self.isDeclaration(line.dropFirst(indent)) else { continue }
      let words = line.dropFirst(indent).split { " ({:,".contains($0) }.map(String.init)
      let all = line.dropFirst(indent).split(separator: " ").map(String.init)
      let modifiers = all.prefix { Self.modifiers.contains($0) }
      guard let place = words.firstIndex(where: { !Self.isModifier($0) }) else { continue }
      var word = words[place]
      if word.hasPrefix("init") { word = "init" }
      if word.hasPrefix("subscript") { word = "subscript" }
      let isType = Self.typeWords.contains(word)
      guard isType || Self.memberWords.contains(word) else { continue }
      while let last = outer.last, last.indent >= indent { outer.removeLast() }
      let named = words.dropFirst(place + 1).first.map { $0.prefix { $0 != "<" && $0 != "?" } }
      var name = ["init", "subscript"].contains(word) ? word : String(named ?? "")
      name = name.filter { $0 != "`" }
      let path = (outer.last.map { "\($0.path)." } ?? "") + name
      let isPublic = modifiers.contains("public")
      if isType {
        if word != "extension" { self.types.insert(path) }
        if isPublic, word != "extension" { self.visible.insert(path) }
        outer.append((indent, path, isPublic, word))
      } else if let last = outer.last, indent == last.indent + 2 {
        let follows = word == "case" || last.word == "protocol"
        if isPublic || (follows && last.isVisible) { self.visible.insert(path) }
      }
    }
  }

  /// Whether the line may declare something; most do not, and are not looked at further.
  private static func isDeclaration(_ line: Substring) -> Bool {
    let word = line.prefix { $0 != " " && $0 != "(" && $0 != "<" && $0 != "?" }
    let text = String(word)
    return self.modifiers.contains(text) || self.typeWords.contains(text)
      || self.memberWords.contains(text)
  }

  private static func isModifier(_ word: String) -> Bool {
    self.modifiers.contains(word) || ["set)", "set", "private", "internal"].contains(word)
  }

  private mutating func takeTitles(_ lines: [Substring], after words: [String]) {
    for (number, line) in lines.enumerated() {
      guard line.utf8.contains(40) else { continue }
      for word in words {
        guard let range = line.ranges(of: word).first else { continue }
        // The title stands behind the word, or begins the next line.
        let same = line[range.upperBound...]
        let next = number + 1 < lines.count ? lines[number + 1] : ""
        let text = same.isEmpty ? next.drop { $0 == " " } : same
        guard text.hasPrefix("\"") else { continue }
        self.titles.insert(String(text.dropFirst().prefix { $0 != "\"" }))
      }
    }
  }
}
