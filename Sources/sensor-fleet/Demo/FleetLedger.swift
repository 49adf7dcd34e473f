import RaftConcurrency
import SensorFleetModel

/// Every reading that was acknowledged, and what may have been stored.
final class FleetLedger: Sendable {
  private struct State {
    /// By device and time.
    var acknowledged: [String: [Int64: [Reading.Value]]] = [:]
    var count = 0
    var unknown = 0
    var owners: [ShardID: [Epoch: ServerID]] = [:]
    var contradiction: String?
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

  /// Notes who acknowledged.
  func note(_ acceptances: Set<StoredReadings.Acceptance>) {
    self.state.withLock { state in
      for acceptance in acceptances {
        let known = state.owners[acceptance.shard, default: [:]].updateValue(
          acceptance.server, forKey: acceptance.epoch)
        if let known, known != acceptance.server {
          state.contradiction =
            "servers \(known) and \(acceptance.server) accepted for shard \(acceptance.shard) in "
            + "epoch \(acceptance.epoch)"
        }
      }
    }
  }

  /// Two servers that accepted for one shard in one epoch; `nil` if there are none.
  var contradiction: String? { self.state.withLock { $0.contradiction } }
  /// In how many epochs, of all shards together, somebody accepted.
  var epochCount: Int { self.state.withLock { $0.owners.values.reduce(0) { $0 + $1.count } } }

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
