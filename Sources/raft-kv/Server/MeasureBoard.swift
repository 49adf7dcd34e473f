import Raft
import RaftConcurrency

/// What a server counts and measures, as text that monitoring systems read.
final class MeasureBoard: MetricsRecorder {
  private struct Sizes {
    /// How many were at most as large as the bound in the same place, and not as the one before.
    var counts = [Int](repeating: 0, count: MeasureBoard.bounds.count + 1)
    var sum = 0
  }

  private struct State {
    var counters: [Measure.Counter: Int] = [:]
    var gauges: [Measure.Gauge: UInt64] = [:]
    var sizes: [Measure.Histogram: Sizes] = [:]
  }

  /// The sizes that are told apart: 1, 4, 16 … 16384.
  private static let bounds = (0...7).map { 1 << (2 * $0) }

  private let state = Guarded(State())

  func add(_ count: Int, to counter: Measure.Counter) {
    self.state.withLock { $0.counters[counter, default: 0] += count }
  }

  func set(_ gauge: Measure.Gauge, to value: UInt64) {
    self.state.withLock { $0.gauges[gauge] = value }
  }

  func record(_ size: Int, in histogram: Measure.Histogram) {
    let place = Self.bounds.firstIndex { size <= $0 } ?? Self.bounds.count
    self.state.withLock {
      $0.sizes[histogram, default: Sizes()].counts[place] += 1
      $0.sizes[histogram, default: Sizes()].sum += size
    }
  }

  /// All values, one a line, in the text format of Prometheus; counters begin at 0, gauges stand
  /// there once they have a value.
  var text: String {
    let state = self.state.withLock { $0 }
    var text = ""
    for counter in Measure.Counter.allCases {
      let name = Self.name(counter.rawValue)
      text += "# TYPE \(name) counter\n\(name) \(state.counters[counter] ?? 0)\n"
    }
    for gauge in Measure.Gauge.allCases {
      guard let value = state.gauges[gauge] else { continue }
      let name = Self.name(gauge.rawValue)
      text += "# TYPE \(name) gauge\n\(name) \(value)\n"
    }
    for histogram in Measure.Histogram.allCases {
      let name = Self.name(histogram.rawValue)
      let sizes = state.sizes[histogram] ?? Sizes()
      var count = 0
      text += "# TYPE \(name) histogram\n"
      for (bound, size) in zip(Self.bounds, sizes.counts) {
        count += size
        text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
      }
      count += sizes.counts[Self.bounds.count]
      text += "\(name)_bucket{le=\"+Inf\"} \(count)\n"
      text += "\(name)_sum \(sizes.sum)\n\(name)_count \(count)\n"
    }
    return text
  }

  private static func name(_ dotted: String) -> String {
    String(dotted.map { $0 == "." ? "_" : $0 })
  }
}
