import RaftSimulator

/// Writes histories for tests, one event after another.
struct HistoryScript {
  private(set) var history = ClientHistory()

  /// An operation that begins and ends before the next event.
  @discardableResult
  mutating func call(
    _ action: ClientOperation.Action, key: Int = 0, client: Int = 0,
    _ answer: ClientOperation.Answer
  ) -> ClientOperation.ID {
    let id = self.history.invoke(action, onKey: key, byClient: client)
    self.history.succeed(id, with: answer)
    return id
  }

  mutating func begin(
    _ action: ClientOperation.Action, key: Int = 0, client: Int = 0
  ) -> ClientOperation.ID {
    self.history.invoke(action, onKey: key, byClient: client)
  }

  mutating func end(_ id: ClientOperation.ID, _ answer: ClientOperation.Answer) {
    self.history.succeed(id, with: answer)
  }

  mutating func fail(_ id: ClientOperation.ID) { self.history.fail(id) }
  mutating func giveUp(on id: ClientOperation.ID) { self.history.giveUp(on: id) }

  var verdict: LinearizabilityVerdict { LinearizabilityChecker().check(self.history) }
  var evidence: LinearizabilityEvidence? {
    guard case .violation(let evidence) = self.verdict else { return nil }
    return evidence
  }
}

extension ClientOperation.Answer {
  static let written = ClientOperation.Answer.written(version: nil)
  static func saw(_ value: UInt64?, _ version: UInt64? = nil) -> ClientOperation.Answer {
    .read(RegisterState(value: value, version: version))
  }
  static func mismatch(_ value: UInt64?, _ version: UInt64? = nil) -> ClientOperation.Answer {
    .mismatched(found: RegisterState(value: value, version: version))
  }
}
