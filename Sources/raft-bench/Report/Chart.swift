/// Curves of processor time a put, in microseconds, on a logarithmic scale.
struct Chart {
  struct Curve {
    let name: String
    let values: [Double]
  }

  /// Wide enough for the names behind the curves.
  static let width = 640
  static let height = 400
  private static let colors = ["#1f77b4", "#d62728", "#888", "#2ca02c"]
  /// The scale goes from 0.1 on.
  private static let bottom = 0.1

  let title: String
  /// What the places from left to right are.
  let axis: String
  let labels: [String]
  let curves: [Curve]

  /// Charts, one below the other.
  static func svg(_ charts: [Chart]) -> String {
    let height = Self.height * charts.count
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(height)" \
      font-family="sans-serif" font-size="12">
      <rect width="\(Self.width)" height="\(height)" fill="white"/>

      """
    for (place, chart) in charts.enumerated() {
      text += "<g transform=\"translate(0 \(place * Self.height))\">\n\(chart.content)</g>\n"
    }
    return text + "</svg>\n"
  }

  /// How many tens there are between bottom and top.
  private var decades: Int {
    var (top, count) = (Self.bottom * 10, 1)
    while let most = self.curves.flatMap(\.values).max(), top < most {
      top *= 10
      count += 1
    }
    return count
  }

  private var content: String {
    var text = "<text x=\"60\" y=\"24\" font-size=\"15\">\(self.title)</text>\n"
    var microseconds = Self.bottom
    for decade in 0...self.decades {
      let y = self.y(decade: Double(decade))
      text += """
        <line x1="60" x2="500" y1="\(y)" y2="\(y)" stroke="#ddd"/>
        <text x="52" y="\(y + 4)" text-anchor="end">\
        \(decade == 0 ? "0.1" : "\(Int(microseconds.rounded()))") us</text>

        """
      microseconds *= 10
    }
    for (place, label) in self.labels.enumerated() {
      text += """
        <text x="\(self.x(place))" y="372" text-anchor="middle">\(label)</text>

        """
    }
    text += "<text x=\"280\" y=\"392\" text-anchor=\"middle\">\(self.axis)</text>\n"
    for (curve, color) in zip(self.curves, Self.colors) { text += self.line(curve, color) }
    return text
  }

  private func x(_ place: Int) -> Int { 80 + place * 400 / max(1, self.labels.count - 1) }

  private func y(decade: Double) -> Int { 350 - Int(decade * 300 / Double(self.decades)) }

  private func y(_ microseconds: Double) -> Int {
    var value = max(microseconds, Self.bottom)
    var decade = 0.0
    while value >= 10 * Self.bottom {
      value /= 10
      decade += 1
    }
    // Between two powers of ten, straight pieces are near enough to the logarithm.
    let steps = [(1.0, 0.0), (2, 0.301), (3, 0.477), (5, 0.699), (7, 0.845), (10, 1)]
    let part = value / Self.bottom
    for (low, high) in zip(steps, steps.dropFirst()) where part <= high.0 {
      decade += low.1 + (high.1 - low.1) * (part - low.0) / (high.0 - low.0)
      break
    }
    return self.y(decade: decade)
  }

  private func line(_ curve: Curve, _ color: String) -> String {
    let points = curve.values.enumerated().map { "\(self.x($0.offset)),\(self.y($0.element))" }
    guard let last = curve.values.last else { return "" }
    return """
      <polyline points="\(points.joined(separator: " "))" fill="none" stroke="\(color)" \
      stroke-width="2"/>
      <text x="\(self.x(curve.values.count - 1) + 8)" y="\(self.y(last) + 4)" fill="\(color)">\
      \(curve.name)</text>

      """
  }
}
