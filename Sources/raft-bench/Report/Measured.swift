import RaftJSON

/// What one process of this program measured in a cluster.
struct Measured {
  /// The figures of its line, by name.
  let figures: [String: Double]
  /// Those of each part of the commands.
  let parts: [[String: Double]]

  /// Measures in a process of its own.
  init(_ options: InProcessOptions) throws(BenchFailure) {
    let output = try Child.output(of: options.arguments)
    do {
      let row = try JSONDocument(output).root
      self.figures = try Self.numbers(of: row)
      var parts: [[String: Double]] = []
      if let list = try row.optional("parts") {
        for part in try list.elements() { parts.append(try Self.numbers(of: part)) }
      }
      self.parts = parts
    } catch {
      throw BenchFailure("a measurement wrote '\(output)': \(error)")
    }
  }

  private static func numbers(of node: JSONNode) throws(JSONError) -> [String: Double] {
    var numbers: [String: Double] = [:]
    for (name, value) in try node.members() where value.kind == .number {
      numbers[name] = try value.double()
    }
    return numbers
  }
}

extension [Measured] {
  /// The middle value of a figure.
  func median(_ name: String) -> Double { Self.median(self.compactMap { $0.figures[name] }) }

  /// The middle value of a figure of one part.
  func median(_ name: String, ofPart place: Int) -> Double {
    Self.median(self.compactMap { $0.parts.indices.contains(place) ? $0.parts[place][name] : nil })
  }

  private static func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
