import RaftConcurrency
import SensorFleetModel

/// Every reading that was acknowledged, and what may have been stored.
final class FleetLedger: Sendable {
  private struct State {
    /// By device and time.
    var acknowledged: [String: [Int64: [Reading.Value]]] = [:]
    var count = 0
    var unknown = 0
  }

  private let state = Guarded(State())

  /// Notes acknowledged readings.
  func note(_ readings: [Reading]) {
    self.state.withLock { state in
      for reading in readings {
        state.acknowledged[reading.device, default: [:]][reading.time] = reading.values
      }
      state.count += readings.count
    }
  }

  /// Notes readings that nobody said anything of.
  func noteUnknown(_ readings: [Reading]) {
    self.state.withLock { $0.unknown += readings.count }
  }

  /// How many readings were acknowledged.
  var count: Int { self.state.withLock { $0.count } }
  /// Of how many nobody said anything.
  var unknownCount: Int { self.state.withLock { $0.unknown } }
  /// Who measured.
  var devices: [String] { self.state.withLock { $0.acknowledged.keys.sorted() } }

  /// The acknowledged readings of a device.
  func readings(of device: String) -> [Int64: [Reading.Value]] {
    self.state.withLock { $0.acknowledged[device] ?? [:] }
  }
}
