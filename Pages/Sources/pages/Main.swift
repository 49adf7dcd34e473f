import FoundationEssentials
import Glibc

/// Makes a copy of the documentation that opens from a disk, and checks every link in it.
///
/// Usage: pages OUTPUT NAME=SITE…
@main struct Main {
  struct Site {
    let name: String
    var pages: [Page] = []
  }

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    guard let output = arguments.popFirst(), !arguments.isEmpty else {
      print("usage: pages OUTPUT NAME=SITE…")
      exit(64)
    }
    let sites = try arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        print("\(argument) is not NAME=SITE")
        exit(64)
      }
      return Site(name: parts[0], pages: try Self.pages(of: parts[1]))
    }
    let broken = try Self.write(sites, to: output)
    for text in broken { print(text) }
    let count = sites.reduce(0) { $0 + $1.pages.count }
    print("\(count) pages in \(output), \(broken.count) broken links")
    exit(broken.isEmpty ? 0 : 1)
  }

  /// All pages of a site, sorted by address.
  private static func pages(of folder: String) throws -> [Page] {
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
        pages.append(
          Page(
            address: String(inner.dropLast(5)),
            content: try JSONDecoder().decode(JSONValue.self, from: data)))
      }
    }
    try look(in: "/documentation")
    return pages
  }

  /// Writes all pages; returns what is wrong with their links.
  private static func write(_ sites: [Site], to output: String) throws -> [String] {
    var anchors: [String: Set<String>] = [:]
    for site in sites {
      for page in site.pages {
        let file = Place.file(of: page.address, in: site.name)
        precondition(anchors[file] == nil, "two pages would be \(file)")
        anchors[file] = page.anchors
      }
    }
    var broken: [String] = []
    for site in sites {
      for page in site.pages {
        var markup = Markup(page, in: site.name)
        try Self.write(markup.html(), to: "\(output)/\(markup.file)")
        for (file, anchor) in markup.links {
          guard let there = anchors[file] else {
            broken.append("\(markup.file) leads to \(file), which is not there")
            continue
          }
          if !anchor.isEmpty, !there.contains(anchor) {
            broken.append("\(markup.file) leads to \(file)#\(anchor), which is not there")
          }
        }
      }
    }
    try Self.write(Style.sheet, to: "\(output)/style.css")
    try Self.write(Self.index(of: sites), to: "\(output)/index.html")
    return broken
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

  private static func write(_ text: String, to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

/// How the pages look.
enum Style {
  static let sheet = """
    body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }
    nav, .role, .mentions { color: #666; font-size: .9rem; }
    pre { overflow-x: auto; padding: .8rem; background: #f4f4f4; font-size: .85rem; }
    code { font-family: monospace; }
    table { border-collapse: collapse; font-size: .9rem; }
    th, td { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left; vertical-align: top; }
    th p, td p, dd p { margin: 0; }
    dt { margin-top: .5rem; }
    aside { border-left: .2rem solid #999; padding-left: 1rem; }
    @media (prefers-color-scheme: dark) {
      body { background: #111; color: #ddd; }
      pre { background: #222; }
      a { color: #8bf; }
    }

    """
}
