import Testing

/// The documentation covers what the package offers.
@Suite("The pages cover the package")
struct PagesTests {
  /// The library products, as the manifest names them.
  private static func products() throws -> [String] {
    let mark = ".library(name: \""
    return try SourceTree.text(of: "Package.swift").split(separator: "\n").compactMap { line in
      guard let place = line.ranges(of: mark).first else { return nil }
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
}
