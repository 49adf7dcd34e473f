/// The table of a sweep as a picture: the processor time of a put over the number of clients.
struct Plot {
  private static let clients = [1, 64, 256, 1024, 4096]
  private static let top = 100.0
  private static let bottom = 0.1
  /// Processor time a put of openraft's own benchmark on a machine of two cores, in microseconds.
  private static let openraft = [63, 1.9, 1.2, 1.2, 1.3]

  let lines: [Sweep.Line]

  var svg: String {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" font-family="sans-serif" \
      font-size="12">
      <rect width="640" height="400" fill="white"/>
      <text x="60" y="24" font-size="15">Processor time of one write, three nodes in one process</text>

      """
    for microseconds in [0.1, 1, 10, 100] {
      let y = Self.y(microseconds)
      text += """
        <line x1="60" x2="500" y1="\(y)" y2="\(y)" stroke="#ddd"/>
        <text x="52" y="\(y + 4)" text-anchor="end">\(microseconds) us</text>

        """
    }
    for (place, clients) in Self.clients.enumerated() {
      text += """
        <text x="\(Self.x(place))" y="372" text-anchor="middle">\(clients)</text>

        """
    }
    text += "<text x=\"280\" y=\"392\" text-anchor=\"middle\">clients</text>\n"
    text += Self.curve(Self.openraft, "openraft", "#888")
    for (executor, color) in [(InProcessOptions.Executor.stock, "#1f77b4"), (.single, "#d62728")] {
      let values = Self.clients.compactMap { clients in
        self.lines.first { $0.executor == executor && $0.clients == clients && $0.batch == 1 }
      }
      text += Self.curve(
        values.map { Sweep.median($0.microseconds) },
        executor == .stock ? "stock executor" : "one thread", color)
    }
    return text + "</svg>\n"
  }

  private static func x(_ place: Int) -> Int { 80 + place * 100 }

  /// The scale is logarithmic, ten times for every third of the height.
  private static func y(_ microseconds: Double) -> Int {
    var value = min(max(microseconds, Self.bottom), Self.top)
    var decades = 0.0
    while value >= 10 * Self.bottom {
      value /= 10
      decades += 1
    }
    // Between two powers of ten, straight pieces are near enough to the logarithm.
    let steps = [(1.0, 0.0), (2, 0.301), (3, 0.477), (5, 0.699), (7, 0.845), (10, 1)]
    let part = value / Self.bottom
    for (low, high) in zip(steps, steps.dropFirst()) where part <= high.0 {
      decades += low.1 + (high.1 - low.1) * (part - low.0) / (high.0 - low.0)
      break
    }
    return 350 - Int(decades * 100)
  }

  private static func curve(_ values: [Double], _ name: String, _ color: String) -> String {
    let points = values.enumerated().map { "\(Self.x($0.offset)),\(Self.y($0.element))" }
    guard let last = values.last else { return "" }
    return """
      <polyline points="\(points.joined(separator: " "))" fill="none" stroke="\(color)" \
      stroke-width="2"/>
      <text x="\(Self.x(values.count - 1) + 8)" y="\(Self.y(last) + 4)" fill="\(color)">\(name)</text>

      """
  }
}
