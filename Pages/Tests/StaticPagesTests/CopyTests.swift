import FoundationEssentials
import StaticPages
import Testing

@Suite("A copy of the documentation opens from the disk")
struct CopyTests {
  /// A page whose one paragraph is a link to an address.
  private static func page(_ address: String, leadingTo target: String) throws -> Page {
    try Page(
      address: address,
      json: Data(
        """
        {"metadata": {"title": "A < B"}, "abstract": [{"type": "text", "text": "about"}],
         "primaryContentSections": [{"kind": "content", "content": [
           {"type": "heading", "level": 2, "anchor": "Part", "text": "Part"},
           {"type": "paragraph", "inlineContent": [{"type": "reference", "identifier": "x"}]}]}],
         "references": {"x": {"title": "there", "kind": "article", "url": "\(target)"}}}
        """.utf8))
  }

  private static func copy(linkingTo target: String) throws -> Copy {
    Copy(of: [
      Site(
        "s",
        pages: [
          try Self.page("/documentation/m", leadingTo: "/documentation/m/a"),
          try Self.page("/documentation/m/a", leadingTo: target),
        ])
    ])
  }

  @Test("A link leads from file to file, relative to where it stands")
  func links() throws {
    let copy = try Self.copy(linkingTo: "/documentation/m#Part")
    #expect(copy.brokenLinks == [])
    #expect(copy.pageCount == 2)
    #expect(copy.files["s/m.html"]?.contains("<a href=\"../s/m/a.html\">there</a>") == true)
    #expect(
      copy.files["s/m/a.html"]?.contains("<a href=\"../../s/m.html#Part\">there</a>") == true)
    let index = try #require(copy.files["index.html"])
    #expect(index.contains("<dt><a href=\"s/m.html\">A &lt; B</a></dt>\n<dd>about</dd>"))
    #expect(!index.contains("Begin here"))
  }

  @Test("The first page says where to begin")
  func beginning() throws {
    let page = try Self.page("/documentation/m/gettingstarted", leadingTo: "#Part")
    let index = try #require(Copy(of: [Site("s", pages: [page])]).files["index.html"])
    #expect(index.contains("Begin here"))
    #expect(index.contains("<a href=\"s/m/gettingstarted.html\">"))
  }

  @Test("What a protocol implements by itself is linked from its requirements")
  func defaultImplementations() throws {
    let page = try Page(
      address: "/documentation/m/requirement",
      json: Data(
        """
        {"defaultImplementationsSections": [{"title": "Default", "identifiers": ["x"]}],
         "references": {"x": {"title": "f()", "kind": "symbol", "url": "/documentation/m/f"}}}
        """.utf8))
    let copy = Copy(of: [Site("s", pages: [page])])
    #expect(copy.files["s/m/requirement.html"]?.contains("<code>f()</code></a>") == true)
    #expect(copy.brokenLinks == ["s/m/requirement.html leads to s/m/f.html, which is not there"])
  }

  @Test("A link to a page or a part of it that is not there is told")
  func brokenLinks() throws {
    #expect(
      try Self.copy(linkingTo: "/documentation/m/b").brokenLinks
        == ["s/m/a.html leads to s/m/b.html, which is not there"])
    #expect(
      try Self.copy(linkingTo: "/documentation/m#Other").brokenLinks
        == ["s/m/a.html leads to s/m.html#Other, which is not there"])
  }

  @Test("A part of the same page is found whatever its capitals")
  func parts() throws {
    let copy = try Self.copy(linkingTo: "#part")
    #expect(copy.brokenLinks == [])
    #expect(copy.files["s/m/a.html"]?.contains("<a href=\"#Part\">there</a>") == true)
    #expect(
      try Self.copy(linkingTo: "#other").brokenLinks
        == ["s/m/a.html leads to s/m/a.html#other, which is not there"])
  }

  @Test("A file of the sources is no page, and told")
  func files() throws {
    #expect(
      try Self.copy(linkingTo: "CHANGELOG.md").brokenLinks
        == ["s/m/a.html leads to CHANGELOG.md, which is not there"])
  }

  @Test("Addresses of other servers are left alone")
  func otherServers() throws {
    let copy = try Self.copy(linkingTo: "https://example.com/x")
    #expect(copy.brokenLinks == [])
    #expect(copy.files["s/m/a.html"]?.contains("href=\"https://example.com/x\"") == true)
  }
}
