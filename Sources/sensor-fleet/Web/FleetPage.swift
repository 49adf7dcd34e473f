import RaftHTTP

/// The page that every server shows in a browser.
enum FleetPage {
  static let response = HTTPResponse(
    headers: ["Content-Type": "text/html; charset=utf-8"], body: Array(Self.html.utf8))

  private static let html = """
    <!doctype html><html lang="en"><head><meta charset="utf-8"><title>sensor-fleet</title></head>
    <body><h1>sensor-fleet</h1><pre id="status"></pre></body></html>
    """
}
