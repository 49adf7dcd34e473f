import RaftHTTP
import Testing

@Suite("Requests, responses and header fields")
struct MessageTests {
  @Test("Header fields keep their order, and their names' case does not matter")
  func headers() {
    var headers: HTTPHeaders = ["Content-Type": "text/plain", "X-Trace": "1", "x-trace": "2"]
    #expect(headers["content-TYPE"] == "text/plain")
    #expect(headers["X-TRACE"] == "1")
    #expect(headers.values(named: "x-trace") == ["1", "2"])
    headers["X-Trace"] = "3"
    #expect(headers.map(\.name) == ["Content-Type", "X-Trace"])
    headers["content-type"] = nil
    #expect(headers == ["x-trace": "3"])
    #expect(headers["none"] == nil)
  }

  @Test(
    "A target gives its path, its query and decoded parameters",
    arguments: [
      ("/a/b", "/a/b", nil, nil),
      ("/a?id=7", "/a", "id=7", "7"),
      ("/a?x=1&id=a%20b%2Fc&id=2", "/a", "x=1&id=a%20b%2Fc&id=2", "a b/c"),
      ("/a?id=1+2%", "/a", "id=1+2%", "1 2%"),
      ("/a?id=%+5%zz", "/a", "id=%+5%zz", "% 5%zz"),
      ("/a?id", "/a", "id", ""),
      ("/?", "/", "", nil),
      ("http://host:80/a?id=7", "/a", "id=7", "7"),
      ("http://host", "/", nil, nil),
      ("http://host?id=7", "/", "id=7", "7"),
      ("*", "*", nil, nil),
    ])
  func target(target: String, path: String, query: String?, value: String?) {
    let request = HTTPRequest(.get, target)
    #expect(request.path == path)
    #expect(request.query.map(String.init) == query)
    #expect(request.queryValue("id") == value)
  }

  @Test("A method says whether a request may be repeated, unless the request says it")
  func repetition() {
    #expect(HTTPRequest(.get, "/").repetition == .harmless)
    #expect(HTTPRequest(.put, "/").repetition == .harmless)
    #expect(HTTPRequest(.post, "/").repetition == .harmful)
    #expect(HTTPRequest(.post, "/", repetition: .harmless).repetition == .harmless)
  }

  @Test("A status is written with its words")
  func status() {
    #expect(HTTPStatus.headerFieldsTooLarge.description == "431 Request Header Fields Too Large")
    #expect(HTTPStatus(299).description == "299 Status")
  }
}
