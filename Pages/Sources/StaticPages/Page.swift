/// One page of a site: what the documentation compiler knows of an article or a symbol.
package struct Page {
  /// The page's address within its site, such as `/documentation/raft/gettingstarted`.
  package let address: String
  let content: JSONValue

  var title: String { self.content["metadata"]["title"].text }

  /// What the page is about, without markup.
  var abstract: String {
    self.content["abstract"].list.map { $0["text"].text + $0["code"].text }.joined()
  }

  /// The names by which parts of the page can be linked to.
  var anchors: Set<String> {
    var anchors: Set<String> = []
    func look(at value: JSONValue) {
      switch value {
      case .list(let list): for element in list { look(at: element) }
      case .object(let members):
        if let anchor = members["anchor"]?.text, !anchor.isEmpty { anchors.insert(anchor) }
        for (name, member) in members where name != "references" { look(at: member) }
      default: break
      }
    }
    look(at: self.content)
    return anchors
  }
}

/// Where the pages of a site lie in the copy.
enum Place {
  /// The file of a page, from the root of the copy on.
  static func file(of address: String, in site: String) -> String {
    let parts = address.split(separator: "/").dropFirst()
    let safe = parts.map { part in part.unicodeScalars.map(Self.safe).joined() }
    return site + "/" + safe.joined(separator: "/") + ".html"
  }

  /// A character as file names and links take it; those of operators by their number.
  private static func safe(_ scalar: Unicode.Scalar) -> String {
    let character = Character(scalar)
    if character.isASCII, character.isLetter || character.isNumber || "-_.".contains(character) {
      return String(character)
    }
    return "(),: ".contains(character) ? "_" : "~" + String(scalar.value, radix: 16)
  }

  /// How a page gets to a file of the copy.
  static func path(from page: String, to file: String) -> String {
    let depth = page.split(separator: "/").count - 1
    return String(repeating: "../", count: depth) + file
  }
}
