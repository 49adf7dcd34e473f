import Testing

/// The documentation covers what the package offers.
@Suite("The pages cover the package")
struct PagesTests {
  /// The library products, as the manifest names them; not those that are loaded and never imported.
  private static func products() throws -> [String] {
    let mark = ".library(name: \""
    return try SourceTree.text(of: "Package.swift").split(separator: "\n").compactMap { line in
      guard let place = line.ranges(of: mark).first, !line.contains("type: .dynamic") else {
        return nil
      }
      return String(line[place.upperBound...].prefix { $0 != "\"" })
    }
  }

  @Test("Every library product has a catalog, which is built and whose samples are compiled")
  func catalogs() throws {
    let products = try Self.products()
    #expect(products.contains("Raft") && products.contains("RaftFileStore"))
    let sites = try SourceTree.text(of: ".ci/build-docs").split(separator: "\n")
      .filter { $0.hasPrefix("site ") }.map { $0.split(separator: " ")[2] }
    let samples = try SourceTree.text(of: ".ci/check-examples")
    let index = try SourceTree.text(of: ".spi.yml") + "\n"
    for product in products {
      let page = "Sources/\(product)/\(product).docc/\(product).md"
      guard SourceTree.exists(page) else {
        Issue.record("\(product) has no landing page \(page)")
        continue
      }
      let text = try SourceTree.text(of: page)
      #expect(text.hasPrefix("# ``\(product)``\n"), "\(page)")
      #expect(text.contains("```swift") || product == "Raft", "\(page) has no example")
      #expect(text.contains("## Topics"), "\(page) has no topics")
      #expect(sites.contains(product[...]), ".ci/build-docs has no site of \(product)")
      #expect(index.contains("- \(product)\n"), "the index of packages does not build \(product)")
      #expect(samples.contains("check Sources/\(product)/\(product).docc"), "\(product)")
    }
  }

  @Test("The README lists every product, and no more")
  func readme() throws {
    let readme = try SourceTree.text(of: "README.md")
    for product in try Self.products() {
      #expect(readme.contains("| `\(product)`"), "README.md does not say what \(product) is for")
    }
  }

  /// The cells of the rows of a document's table about writes.
  private static func figures(in document: String) throws -> [[String]] {
    try SourceTree.text(of: document).split(separator: "\n")
      .filter { $0.hasPrefix("| one thread |") || $0.hasPrefix("| stock |") }
      .map { row in row.split(separator: "|").map { Self.trimmed($0) } }
  }

  @Test("The figures that are shown are those that were measured")
  func figures() throws {
    let measured = try Self.figures(in: "PERFORMANCE.md").map { row in
      [0, 1, 2, 3, 4, 7, 8].map { row[$0] }
    }
    #expect(measured.count == 12)
    #expect(try Self.figures(in: "\(Self.catalog)/Performance.md") == measured)
    let shown = try Self.figures(in: "README.md")
    #expect(shown.count == 6)
    for row in shown { #expect(measured.contains(row), "README.md: \(row)") }
  }

  // MARK: The pages of the library

  private static let catalog = "Sources/Raft/Raft.docc"

  /// What stands between the strokes of each line of a list.
  private static func lines(of fixture: String) throws -> [[String]] {
    try RecordTable.names(in: fixture).map { line in
      line.split(separator: "|").map { Self.trimmed($0) }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The text of a page with each run of spaces and line ends as one space.
  private static func text(ofPage name: String) throws -> String {
    try SourceTree.text(of: "\(Self.catalog)/\(name).md")
      .split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// The pages that the landing page leads to, in its order.
  private static func linkedPages() throws -> [String] {
    let mark = "- <doc:"
    return try SourceTree.text(of: "\(Self.catalog)/Raft.md").split(separator: "\n")
      .filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count).prefix { $0 != ">" }) }
  }

  @Test("Every page of the library is linked from the first one, once")
  func links() throws {
    let pages = try SourceTree.names(in: Self.catalog)
      .filter { $0.hasSuffix(".md") && $0 != "Raft.md" && $0 != "RaftEngine.md" }
      .map { String($0.dropLast(3)) }
    #expect(try Self.linkedPages().sorted() == pages.sorted())
  }

  @Test("No document of those that openraft's index names is without its page here")
  func documents() throws {
    let lines = try Self.lines(of: "documents.txt")
    #expect(lines.count == 61)
    #expect(Set(lines.map { $0[0] }).count == lines.count)
    let pages = Set(try Self.linkedPages())
    for line in lines {
      #expect(line.count == 2, "\(line)")
      let named = line[1].split(separator: ",").map { Self.trimmed($0) }
      #expect(!named.isEmpty && pages.isSuperset(of: named), "\(line)")
    }
  }

  @Test("Every question of openraft's FAQ has its answer here")
  func questions() throws {
    let lines = try Self.lines(of: "faq.txt")
    #expect(lines.count == 33)
    let headings = try SourceTree.text(of: "\(Self.catalog)/FAQ.md").split(separator: "\n")
      .filter { $0.hasPrefix("#### ") }.map { String($0.dropFirst(5)) }
    #expect(Set(headings).count == headings.count)
    for line in lines { #expect(line.count == 2 && headings.contains(line[1]), "\(line)") }
  }

  @Test("Every case of every error that calls of a node throw is on the page about errors")
  func errors() throws {
    let page = try Self.text(ofPage: "ErrorsAndWhatToDo")
    var seen = 0
    for file in try SourceTree.files(in: "Sources/Raft/Errors") {
      var error: String?
      for line in file.lines {
        if line.hasPrefix("public enum "), line.contains(": Error") {
          error = line.dropFirst(12).split(separator: ":").first.map(String.init)
        } else if line.hasPrefix("}") {
          error = nil
        } else if let error, line.hasPrefix("  case ") {
          let name = line.dropFirst(7).prefix { $0.isLetter }
          #expect(page.contains("``\(error)/\(name)"), "\(error).\(name)")
          seen += 1
        }
      }
    }
    #expect(seen >= 45)
  }

  @Test("Every name that a recorder of measures hears is on the page about watching")
  func measures() throws {
    let page = try Self.text(ofPage: "Watching")
    let names = try SourceTree.text(of: "Sources/Raft/Statistics/MetricsRecorder.swift")
      .split(separator: "\"").filter { $0.hasPrefix("raft.") }
    #expect(names.count == 22)
    for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
  }

  @Test("What an operator and an implementer ask is answered on the page that is named for it")
  func answers() throws {
    let lines = try Self.lines(of: "twenty-questions.txt")
    #expect(lines.count >= 20)
    let pages = Set(try Self.linkedPages())
    for line in lines {
      guard line.count == 3, pages.contains(line[1]) else {
        Issue.record("\(line) names no page")
        continue
      }
      #expect(try Self.text(ofPage: line[1]).contains(line[2]), "\(line)")
    }
  }
}
