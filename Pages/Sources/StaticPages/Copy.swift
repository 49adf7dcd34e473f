internal import FoundationEssentials

/// The plain pages of several sites, with links that lead from file to file.
package struct Copy {
  /// The text of each file, by its path from the root of the copy on.
  package private(set) var files: [String: String] = [:]
  /// What is wrong with the links, in sentences.
  package private(set) var brokenLinks: [String] = []
  /// How many pages there are, without the first one.
  package let pageCount: Int

  package init(of sites: [Site]) {
    self.pageCount = sites.reduce(0) { $0 + $1.pages.count }
    var anchors: [String: Set<String>] = [:]
    for site in sites {
      for page in site.pages {
        let file = Place.file(of: page.address, in: site.name)
        precondition(anchors[file] == nil, "two pages would be \(file)")
        anchors[file] = page.anchors
      }
    }
    for site in sites {
      for page in site.pages {
        var markup = Markup(page, in: site.name)
        self.files[markup.file] = markup.html()
        for (file, anchor) in markup.links {
          guard let there = anchors[file] else {
            self.brokenLinks.append("\(markup.file) leads to \(file), which is not there")
            continue
          }
          if !anchor.isEmpty, !there.contains(anchor) {
            self.brokenLinks.append("\(markup.file) leads to \(file)#\(anchor), which is not there")
          }
        }
      }
    }
    self.files["style.css"] = Style.sheet
    self.files["index.html"] = Self.index(of: sites)
  }

  /// Writes all files below a folder.
  package func write(to folder: String) throws {
    for (file, text) in self.files {
      let url = URL(filePath: "\(folder)/\(file)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
  }

  /// The first page: one link for each module.
  private static func index(of sites: [Site]) -> String {
    var list = ""
    for site in sites {
      for page in site.pages where page.address.split(separator: "/").count == 2 {
        let file = Place.file(of: page.address, in: site.name)
        list += "<li><a href=\"\(file)\">\(Markup.escaped(page.title))</a></li>\n"
      }
    }
    return """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>swift-raft</title>
      <link rel="stylesheet" href="style.css"></head>
      <body>
      <h1>swift-raft</h1>
      <ul>
      \(list)</ul>
      </body>
      </html>

      """
  }
}
