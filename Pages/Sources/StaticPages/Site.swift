package import FoundationEssentials

/// A site that the documentation compiler made.
package struct Site {
  package let name: String
  package let pages: [Page]

  package init(_ name: String, pages: [Page]) {
    self.name = name
    self.pages = pages
  }

  /// All pages of a site in a folder, sorted by address.
  package init(_ name: String, in folder: String) throws {
    let root = folder + "/data"
    var pages: [Page] = []
    func look(in path: String) throws {
      for name in try FileManager.default.contentsOfDirectory(atPath: root + path).sorted() {
        let inner = path + "/" + name
        guard name.hasSuffix(".json") else {
          try look(in: inner)
          continue
        }
        let data = try Data(contentsOf: URL(filePath: root + inner))
        pages.append(try Page(address: String(inner.dropLast(5)), json: data))
      }
    }
    try look(in: "/documentation")
    self.init(name, pages: pages)
  }
}

extension Page {
  /// A page from the documentation compiler's own form.
  package init(address: String, json: Data) throws {
    self.init(address: address, content: try JSONDecoder().decode(JSONValue.self, from: json))
  }
}
