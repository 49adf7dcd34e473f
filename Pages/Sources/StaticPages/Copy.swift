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

  /// Where a reader begins: who writes a program, who runs a cluster, who looks for a program.
  private static let beginnings = ["gettingstarted", "operatingacluster", "programs", "faq"]

  /// The first page: where to begin, and one link for each module.
  private static func index(of sites: [Site]) -> String {
    var begin = ""
    for name in self.beginnings {
      for site in sites {
        for page in site.pages where page.address.hasSuffix("/\(name)") {
          begin += self.item(page, in: site)
        }
      }
    }
    if !begin.isEmpty { begin = "<h2>Begin here</h2>\n<dl>\n\(begin)</dl>\n<h2>All of it</h2>\n" }
    var list = ""
    for site in sites {
      for page in site.pages where page.address.split(separator: "/").count == 2 {
        list += self.item(page, in: site)
      }
    }
    return """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>swift-raft</title>
      <link rel="stylesheet" href="style.css"></head>
      <body>
      <h1>swift-raft</h1>
      \(begin)<dl>
      \(list)</dl>
      </body>
      </html>

      """
  }

  /// A link to a page, with what it is about.
  private static func item(_ page: Page, in site: Site) -> String {
    let file = Place.file(of: page.address, in: site.name)
    let link = "<a href=\"\(file)\">\(Markup.escaped(page.title))</a>"
    return "<dt>\(link)</dt>\n<dd>\(Markup.escaped(page.abstract))</dd>\n"
  }
}
