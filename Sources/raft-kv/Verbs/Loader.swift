import RaftJSON

/// Puts lines into the cluster, many at once.
struct Loader: Sendable {
  let client: KVClient
  let source: LineSource
  let concurrency: Int

  /// Puts all lines; the closure gets each one that is acknowledged, on any thread.
  ///
  /// - Throws: ``ClientError`` for the first line that could not be put; the others stop then.
  func run(
    whenAcknowledged: @escaping @Sendable (Line, KVClient.Receipt) -> Void
  ) async throws(ClientError) {
    let failure = await withTaskGroup(of: ClientError?.self) { group -> ClientError? in
      for _ in 0..<self.concurrency {
        group.addTask {
          do throws(ClientError) {
            while !Task.isCancelled, let line = self.source.next() {
              let receipt = try await self.client.write(
                .set(key: Key(line.key), value: line.text))
              whenAcknowledged(line, receipt)
            }
            return nil
          } catch {
            return error
          }
        }
      }
      for await failure in group {
        guard let failure else { continue }
        group.cancelAll()
        return failure
      }
      return Task.isCancelled ? .cancelled : nil
    }
    if let failure { throw failure }
  }
}
