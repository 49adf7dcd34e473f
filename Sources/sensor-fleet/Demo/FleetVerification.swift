import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftJSON
import SensorFleetModel

/// Reads every acknowledged reading back, and compares what the servers say of each epoch.
struct FleetVerification: Sendable {
  let rig: FleetRig
  let ledger: FleetLedger

  /// How many devices are read at once.
  private static let concurrency = 16
  private static let listedMax = 10

  /// Checks everything.
  ///
  /// - Throws: ``Failure`` with a list of what is missing or another.
  func run() async throws(Failure) {
    let start = ContinuousClock.now
    let devices = Guarded(self.ledger.devices[...])
    let losses = Guarded<[String]>([])
    let failure = await withTaskGroup(of: ClientError?.self) { group in
      for _ in 0..<Self.concurrency {
        group.addTask {
          do throws(ClientError) {
            while let device = devices.withLock({ $0.popFirst() }) {
              let lost = try await self.check(device)
              losses.withLock { $0 += lost }
            }
            return nil
          } catch {
            return error
          }
        }
      }
      var failure: ClientError?
      for await ended in group { failure = failure ?? ended }
      return failure
    }
    if let failure { throw Failure(.failed, "readings could not be read back: \(failure)") }
    let lost = losses.withLock { $0 }
    guard lost.isEmpty else {
      let shown = lost.prefix(Self.listedMax).map { "\n  \($0)" }.joined()
      throw Failure(.failed, "\(counted(lost.count, "acknowledged reading")) lost:\(shown)")
    }
    self.rig.timeline.tell(
      "all \(self.ledger.count) acknowledged readings are read back, in "
        + "\(start.duration(to: .now).forPeople)")
  }

  private func check(_ device: String) async throws(ClientError) -> [String] {
    let response = try await self.rig.client.ask(
      .get, "/query?device=\(device)&from=0&to=9000000000000000")
    var found: [String: [Int64: Double]] = [:]
    do throws(JSONError) {
      for (name, samples) in try JSONDocument(response.body).root["values"].members() {
        for sample in try samples.elements() {
          found[name, default: [:]][try sample[0].int64()] = try sample[1].double()
        }
      }
    } catch {
      throw .refused("an answer that is not understood: \(error)")
    }
    var lost: [String] = []
    for (time, values) in self.ledger.readings(of: device) {
      for value in values where found[value.name]?[time] != value.value {
        let there = found[value.name]?[time].map { "\($0)" } ?? "nothing"
        lost.append("\(device) at \(time), \(value.name): \(value.value) became \(there)")
      }
    }
    return lost
  }

  /// Compares the histories of all servers: one primary for an epoch, the same one everywhere.
  func compareHistories() async throws(Failure) {
    var seen: [String: String] = [:]
    var count = 0
    for server in self.rig.running {
      guard let fleet = await self.rig.client.configuration(of: server.api) else {
        throw Failure(.failed, "server \(server.id) does not say what it knows")
      }
      for change in fleet.history {
        let key = "shard \(change.assignment.shard) epoch \(change.assignment.epoch)"
        let text = "log \(change.index): \(change.assignment) (\(change.cause))"
        if let other = seen[key], other != text {
          throw Failure(.failed, "two accounts of \(key): '\(other)' and '\(text)'")
        }
        if seen.updateValue(text, forKey: key) == nil { count += 1 }
      }
    }
    self.rig.timeline.tell(
      "all \(self.rig.running.count) servers tell the same \(counted(count, "change")) of "
        + "assignments")
  }
}
