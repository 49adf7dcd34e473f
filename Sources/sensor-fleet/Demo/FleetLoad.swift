import RaftCommandLine
import SensorFleetModel

/// Clients that send readings until they are told to stop, and note what was acknowledged.
struct FleetLoad: Sendable {
  let source: ReadingSource
  let client: FleetClient
  let ledger: FleetLedger
  /// How many batches are under way.
  let clients: Int
  /// How long each client waits between two batches.
  let pause: Duration

  /// Sends until the promise is kept or there is nothing left.
  func run(until stop: Promise<Void>) async throws(ClientError) {
    let failure = await withTaskGroup(of: ClientError?.self) { group in
      for _ in 0..<self.clients {
        group.addTask { await self.send(until: stop) }
      }
      var failure: ClientError?
      for await ended in group { failure = failure ?? ended }
      return failure
    }
    if let failure { throw failure }
  }

  private func send(until stop: Promise<Void>) async -> ClientError? {
    while stop.current == nil, !Task.isCancelled, let batch = self.source.next() {
      do throws(ClientError) {
        let stored = try await self.client.store(batch)
        let missing = stored.missing
        self.ledger.note(missing.isEmpty ? batch : batch.filter { !missing.contains($0) })
        self.ledger.note(stored.acceptances)
        self.ledger.noteUnknown(missing)
      } catch {
        switch error {
        case .outOfTime: self.ledger.noteUnknown(batch)
        case .notFound, .refused: return error
        }
      }
      if self.pause > .zero { try? await ContinuousClock().sleep(for: self.pause) }
    }
    return nil
  }
}
