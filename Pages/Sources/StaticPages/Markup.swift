/// Writes a page as HTML that needs neither a server nor a program.
struct Markup {
  let page: Page
  let file: String
  let site: String
  /// The links that were written: the file within the copy, and the part of it.
  private(set) var links: [(file: String, anchor: String)] = []

  init(_ page: Page, in site: String) {
    self.page = page
    self.site = site
    self.file = Place.file(of: page.address, in: site)
  }

  /// The whole page.
  mutating func html() -> String {
    let content = self.page.content
    var body = self.path()
    let heading = content["metadata"]["roleHeading"].text
    if !heading.isEmpty { body += "<p class=\"role\">\(Self.escaped(heading))</p>\n" }
    body += "<h1>\(Self.escaped(self.page.title))</h1>\n"
    body += "<p class=\"abstract\">\(self.inline(content["abstract"].list))</p>\n"
    for section in content["primaryContentSections"].list { body += self.section(section) }
    for section in content["topicSections"].list { body += self.topics(section) }
    for section in content["defaultImplementationsSections"].list {
      body += self.topics(section)
    }
    for section in content["relationshipsSections"].list { body += self.topics(section) }
    let others = content["seeAlsoSections"].list
    if !others.isEmpty {
      body += "<h2>See also</h2>\n"
      for section in others { body += self.topics(section) }
    }
    let style = Place.path(from: self.file, to: "style.css")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(Self.escaped(self.page.title))</title>
      <link rel="stylesheet" href="\(style)">
      </head>
      <body>
      \(body)</body>
      </html>

      """
  }

  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  // MARK: Parts

  /// The way from the first page of the copy to this one.
  private mutating func path() -> String {
    var steps = ["<a href=\"\(Place.path(from: self.file, to: "index.html"))\">swift-raft</a>"]
    for identifier in self.page.content["hierarchy"]["paths"].list.first?.list ?? [] {
      steps.append(self.link(to: identifier.text))
    }
    return "<nav>\(steps.joined(separator: " / "))</nav>\n"
  }

  private mutating func section(_ section: JSONValue) -> String {
    switch section["kind"].text {
    case "declarations":
      section["declarations"].list.map { declaration in
        "<pre class=\"declaration\"><code>\(self.tokens(declaration["tokens"].list))</code></pre>\n"
      }.joined()
    case "parameters":
      "<h2>Parameters</h2>\n<dl>\n"
        + section["parameters"].list.map { parameter in
          "<dt><code>\(Self.escaped(parameter["name"].text))</code></dt>\n"
            + "<dd>\(self.blocks(parameter["content"].list))</dd>\n"
        }.joined() + "</dl>\n"
    case "content": self.blocks(section["content"].list)
    case "mentions":
      "<p class=\"mentions\">Mentioned in "
        + section["mentions"].list.map { self.link(to: $0.text) }.joined(separator: ", ") + "</p>\n"
    default: ""
    }
  }

  private mutating func tokens(_ tokens: [JSONValue]) -> String {
    tokens.map { token in
      let identifier = token["identifier"].text
      return identifier.isEmpty
        ? Self.escaped(token["text"].text) : self.link(to: identifier, saying: token["text"].text)
    }.joined()
  }

  /// Pages under a heading, each with what it is about.
  private mutating func topics(_ section: JSONValue) -> String {
    var html = "<h3>\(Self.escaped(section["title"].text))</h3>\n<dl>\n"
    for identifier in section["identifiers"].list {
      let reference = self.page.content["references"][identifier.text]
      html += "<dt>\(self.link(to: identifier.text))</dt>\n"
      let about = reference["abstract"].list
      if !about.isEmpty { html += "<dd>\(self.inline(about))</dd>\n" }
    }
    return html + "</dl>\n"
  }

  // MARK: Links

  private mutating func link(to identifier: String, saying words: String? = nil) -> String {
    let reference = self.page.content["references"][identifier]
    let title = reference["title"].text
    let isSymbol = reference["kind"].text == "symbol"
    var text = Self.escaped(words ?? title)
    if isSymbol, words == nil { text = "<code>\(text)</code>" }
    let address = reference["url"].text
    guard !address.isEmpty else { return text }
    guard address.hasPrefix("/") else {
      let target = address.hasPrefix("#") ? self.part(address) : address
      // Not of this copy, unless it has no scheme: then it is a file that only the sources have.
      if !address.contains(":"), !address.hasPrefix("#") { self.links.append((address, "")) }
      return "<a href=\"\(Self.escaped(target))\">\(text)</a>"
    }
    let parts = address.split(separator: "#", maxSplits: 1).map(String.init)
    let file = Place.file(of: parts[0], in: self.site)
    let anchor = parts.count > 1 ? parts[1] : ""
    self.links.append((file, anchor))
    let path = Place.path(from: self.file, to: file) + (anchor.isEmpty ? "" : "#\(anchor)")
    return "<a href=\"\(Self.escaped(path))\">\(text)</a>"
  }

  /// A part of this page, as documents in a repository name it: without capitals.
  private mutating func part(_ fragment: String) -> String {
    let wanted = fragment.dropFirst()
    let anchor = self.page.anchors.sorted().first { $0.lowercased() == wanted.lowercased() }
    self.links.append((self.file, anchor ?? String(wanted)))
    return "#\(anchor ?? String(wanted))"
  }
}

extension Markup {
  // MARK: Text

  fileprivate mutating func blocks(_ blocks: [JSONValue]) -> String {
    blocks.map { self.block($0) }.joined()
  }

  private mutating func block(_ block: JSONValue) -> String {
    switch block["type"].text {
    case "paragraph": return "<p>\(self.inline(block["inlineContent"].list))</p>\n"
    case "heading":
      let level = block["level"].number
      let anchor = Self.escaped(block["anchor"].text)
      return "<h\(level) id=\"\(anchor)\">\(Self.escaped(block["text"].text))</h\(level)>\n"
    case "codeListing":
      let lines = block["code"].list.map { Self.escaped($0.text) }
      return "<pre><code>\(lines.joined(separator: "\n"))</code></pre>\n"
    case "aside":
      return "<aside><strong>\(Self.escaped(block["name"].text))</strong>"
        + "\(self.blocks(block["content"].list))</aside>\n"
    case "unorderedList": return "<ul>\n\(self.items(block))</ul>\n"
    case "orderedList": return "<ol>\n\(self.items(block))</ol>\n"
    case "table": return self.table(block)
    case let kind: preconditionFailure("\(self.page.address): no markup for a \(kind)")
    }
  }

  private mutating func items(_ list: JSONValue) -> String {
    list["items"].list.map { "<li>\(self.blocks($0["content"].list))</li>\n" }.joined()
  }

  private mutating func table(_ table: JSONValue) -> String {
    var html = "<table>\n"
    for (number, row) in table["rows"].list.enumerated() {
      let cell = number == 0 && table["header"].text != "none" ? "th" : "td"
      let cells = row.list.map { "<\(cell)>\(self.blocks($0.list))</\(cell)>" }
      html += "<tr>\(cells.joined())</tr>\n"
    }
    return html + "</table>\n"
  }

  fileprivate mutating func inline(_ parts: [JSONValue]) -> String {
    parts.map { self.inline($0) }.joined()
  }

  private mutating func inline(_ part: JSONValue) -> String {
    switch part["type"].text {
    case "text": return Self.escaped(part["text"].text)
    case "codeVoice": return "<code>\(Self.escaped(part["code"].text))</code>"
    case "emphasis": return "<em>\(self.inline(part["inlineContent"].list))</em>"
    case "strong": return "<strong>\(self.inline(part["inlineContent"].list))</strong>"
    case "reference": return self.link(to: part["identifier"].text)
    case let kind: preconditionFailure("\(self.page.address): no markup for \(kind) in a line")
    }
  }
}
