import RaftCommandLine
import RaftConcurrency
import SensorFleetModel

/// Batches of readings, of devices that are made up or out of a table.
final class ReadingSource: Sendable {
  private enum Kind {
    case made(next: Int)
    case table([[Reading]])
  }

  private let state: Guarded<Kind>
  private let seed: UInt64
  private let deviceCount: Int
  private let batch: Int

  /// Devices that measure something that the seed decides.
  init(seed: UInt64, devices: Int, batch: Int) {
    self.seed = seed
    self.deviceCount = devices
    self.batch = batch
    self.state = Guarded(.made(next: 0))
  }

  /// The rows of a table.
  ///
  /// - Throws: ``Failure`` if it cannot be read.
  init(csv path: String, batch: Int, timeline: Timeline) throws(Failure) {
    self.seed = 0
    self.deviceCount = 0
    self.batch = batch
    let table = try CSVTable(path, .init())
    var batches: [[Reading]] = []
    var rejected = 0
    while let (readings, errors) = table.next(batch) {
      batches.append(readings)
      for error in errors.prefix(max(0, 3 - rejected)) { timeline.tell("rejected: \(error)") }
      rejected += errors.count
    }
    timeline.tell(
      "\(counted(batches.reduce(0) { $0 + $1.count }, "row")) to send, \(rejected) rejected")
    self.state = Guarded(.table(batches.reversed()))
  }

  /// Whether it comes to an end.
  var isTable: Bool {
    self.state.withLock { kind in
      if case .table = kind { true } else { false }
    }
  }

  /// Whether there is no other batch.
  var isAtEnd: Bool {
    self.state.withLock { kind in
      if case .table(let batches) = kind { batches.isEmpty } else { false }
    }
  }

  /// The next batch; `nil` when a table is at its end.
  func next() -> [Reading]? {
    self.state.withLock { kind in
      switch kind {
      case .table(var batches):
        let batch = batches.popLast()
        kind = .table(batches)
        return batch
      case .made(let number):
        kind = .made(next: number + 1)
        return self.made(number)
      }
    }
  }

  private func made(_ number: Int) -> [Reading] {
    let device = "device-\(number % self.deviceCount)"
    let round = number / self.deviceCount
    return (0..<self.batch).map { place in
      let moment = round * self.batch + place
      let noise = StableHash.of(self.seed ^ UInt64(number % self.deviceCount), UInt64(moment))
      return Reading(
        device: device, time: 1_700_000_000_000 + Int64(moment) * 1000,
        values: [
          .init(name: "temperature", value: 15 + Double(noise % 2000) / 100),
          .init(name: "battery", value: 2 + Double(noise / 2000 % 100) / 100),
        ])
    }
  }
}
