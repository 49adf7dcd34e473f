import RaftCommandLine
import RaftConcurrency

/// Reads every acknowledged line back, linearizably, and compares byte for byte.
final class Verification: Sendable {
  /// An acknowledged line that the cluster does not hold as it was written.
  struct Loss: Sendable {
    /// The line.
    let line: Line
    /// What is there instead.
    let found: VersionedValue?
  }

  private struct State {
    var rest: ArraySlice<Line>
    var readCount = 0
    var losses: [Loss] = []
  }

  /// How many losses a message lists.
  private static let shownMax = 20

  private let client: KVClient
  private let count: Int
  private let state: Guarded<State>

  /// A verification of these lines.
  init(_ lines: [Line], client: KVClient) {
    self.client = client
    self.count = lines.count
    self.state = Guarded(State(rest: lines[...]))
  }

  /// Reads all lines, many at once.
  ///
  /// - Throws: ``Failure`` with a list of what was lost or changed, or if a line cannot be read.
  func run(concurrency: Int, timeline: Timeline) async throws(Failure) {
    let start = ContinuousClock.now
    let failure = await withTaskGroup(of: ClientError?.self) { group -> ClientError? in
      for _ in 0..<concurrency {
        group.addTask { await self.read(timeline) }
      }
      for await failure in group {
        guard let failure else { continue }
        group.cancelAll()
        return failure
      }
      return nil
    }
    if let failure { throw Failure(.failed, "a line could not be read back: \(failure)") }
    let losses = self.state.withLock { $0.losses }
    guard losses.isEmpty else { throw Failure(.failed, self.text(of: losses)) }
    timeline.tell(
      "all \(self.count) acknowledged writes are read back, byte for byte, in "
        + "\(start.duration(to: .now).forPeople)")
  }

  private func read(_ timeline: Timeline) async -> ClientError? {
    do throws(ClientError) {
      while let line = self.state.withLock({ $0.rest.popFirst() }) {
        let found = try await self.client.read(Key(line.key))
        let readCount = self.state.withLock { state in
          state.readCount += 1
          if found?.value.utf8.elementsEqual(line.text.utf8) != true {
            state.losses.append(Loss(line: line, found: found))
          }
          return state.readCount
        }
        timeline.show("\(readCount) of \(self.count) lines read back")
      }
      return nil
    } catch {
      return error
    }
  }

  private func text(of losses: [Loss]) -> String {
    let shown = losses.sorted { $0.line.key < $1.line.key }.prefix(Self.shownMax).map { loss in
      let found = loss.found.map { "'\($0.value)' (version \($0.version))" } ?? "nothing"
      return "\n  \(loss.line.key): '\(loss.line.text)' was acknowledged, \(found) is there"
    }
    let more = losses.count > shown.count ? "\n  and \(losses.count - shown.count) more" : ""
    return "\(losses.count) of \(self.count) acknowledged writes are lost or changed:"
      + shown.joined() + more
  }
}
