/// Whether the elements of an HTML page are closed as they were opened.
struct TagBalance {
  /// What is wrong; `nil` if nothing is.
  private(set) var complaint: String?

  private static let void: Set = ["meta", "input", "link", "br", "img", "hr"]

  init(of page: String) {
    var open: [Substring] = []
    var rest = Substring(page)
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      if rest.hasPrefix("!") { continue }
      // Scripts and styles are text until they end.
      if let last = open.last, last == "script" || last == "style" {
        guard rest.hasPrefix("/\(last)") else { continue }
      }
      let isEnd = rest.hasPrefix("/")
      let name = rest.dropFirst(isEnd ? 1 : 0).prefix { $0.isLetter || $0.isNumber }
      guard !name.isEmpty else { continue }
      rest = rest.drop { $0 != ">" }.dropFirst()
      if !isEnd {
        if !Self.void.contains(String(name)) { open.append(name) }
      } else if open.last == name {
        open.removeLast()
      } else {
        self.complaint = "</\(name)> closes <\(open.last.map(String.init) ?? "nothing")>"
        return
      }
    }
    if let last = open.last { self.complaint = "<\(last)> stays open" }
  }
}
