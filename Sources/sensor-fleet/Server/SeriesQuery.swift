import RaftHTTP
import RaftJSON

/// What somebody wants to know of a device.
struct SeriesQuery: Equatable, Sendable {
  /// How many values become one.
  enum Aggregate: String, CaseIterable, Sendable {
    case none
    case count
    case min
    case max
    case mean
    case sum
    case last
  }

  let device: String
  /// From this time on, in milliseconds since 1970.
  let from: Int64
  /// Before this time.
  let end: Int64
  /// The name of one value; `nil` for all.
  let name: String?
  let aggregate: Aggregate
  /// The length of the parts of the window that are put together, in milliseconds; `nil` for the
  /// whole.
  let every: Int64?

  /// How many parts a window may have.
  static let partsMax: Int64 = 10_000

  /// Reads the parts of a request.
  ///
  /// - Throws: ``FieldError`` with the part that is missing or wrong.
  init(_ request: HTTPRequest) throws(FieldError) {
    guard let device = request.queryValue("device"), !device.isEmpty else {
      throw FieldError("device", "it is missing: whose readings?")
    }
    self.device = device
    self.from = try Self.time("from", request)
    self.end = try Self.time("to", request)
    guard self.from < self.end else {
      throw FieldError("to", "\(self.end) does not lie after from, \(self.from)")
    }
    self.name = request.queryValue("value")
    let word = request.queryValue("aggregate") ?? "none"
    guard let aggregate = Aggregate(rawValue: word) else {
      let words = Aggregate.allCases.map(\.rawValue).joined(separator: ", ")
      throw FieldError("aggregate", "it must be one of \(words), not '\(word)'")
    }
    self.aggregate = aggregate
    guard let text = request.queryValue("every") else {
      self.every = nil
      return
    }
    let (length, isTooLong) = self.end.subtractingReportingOverflow(self.from)
    guard let every = Int64(text), every > 0, !isTooLong, length / every < Self.partsMax,
      aggregate != .none
    else {
      throw FieldError(
        "every",
        "it must be milliseconds that cut the window into less than \(Self.partsMax) "
          + "parts, with an aggregate, not '\(text)'")
    }
    self.every = every
  }

  private static func time(_ name: String, _ request: HTTPRequest) throws(FieldError) -> Int64 {
    guard let text = request.queryValue(name) else {
      throw FieldError(name, "it is missing: a query has bounds, from and to")
    }
    guard let time = CSVReadings.milliseconds(text) else {
      throw FieldError(
        name,
        "'\(text)' is no time; expected are milliseconds since 1970, or "
          + "2026-11-21T07:30:00Z")
    }
    return time
  }

  /// The answer in JSON, made of what an index has.
  func answer(from index: SeriesIndex) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("device", self.device)
      writer.member("values") { writer in
        writer.object { writer in
          for (name, samples) in index.values(
            of: self.device, from: self.from, upTo: self.end, named: self.name)
          {
            writer.member(name) { writer in
              writer.array(self.parts(of: samples)) { writer, sample in
                writer.array([0, 1]) { writer, place in
                  if place == 0 {
                    writer.number(sample.time)
                  } else {
                    JSONNumber(sample.value).map { writer.number($0) } ?? writer.null()
                  }
                }
              }
            }
          }
        }
      }
    }
    return writer.finish()
  }

  /// The samples, or one for each part of the window that has some.
  private func parts(
    of samples: [(time: Int64, value: Double)]
  ) -> [(time: Int64, value: Double)] {
    guard self.aggregate != .none else { return samples }
    var parts: [(time: Int64, value: Double)] = []
    var part: [Double] = []
    var start = self.from
    func close() {
      if let value = self.put(part) { parts.append((start, value)) }
      part = []
    }
    for sample in samples {
      let own = self.every.map { self.from + (sample.time - self.from) / $0 * $0 } ?? self.from
      if own != start { close() }
      start = own
      part.append(sample.value)
    }
    close()
    return parts
  }

  private func put(_ values: [Double]) -> Double? {
    guard let last = values.last else { return nil }
    switch self.aggregate {
    case .none, .last: return last
    case .count: return Double(values.count)
    case .min: return values.min()
    case .max: return values.max()
    case .sum: return values.reduce(0, +)
    case .mean: return values.reduce(0, +) / Double(values.count)
    }
  }
}
