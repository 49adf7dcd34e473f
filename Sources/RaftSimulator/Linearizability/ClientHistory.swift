/// What clients did to a map of registers and what they were told, in the order in which it
/// happened.
///
/// The order of the calls of this type is the order of events: an operation that ended before
/// another was invoked came first for everybody. Times are carried along for people only. Every
/// call is one append or one store, so that recording does not slow a simulation down.
///
/// Written values should be unique per key: a read then tells which write it saw, and the
/// ``LinearizabilityChecker`` is at its fastest. It is right without that, too.
public struct ClientHistory: Sendable {
  /// All operations, by number.
  public private(set) var operations: [ClientOperation] = []
  /// How many events there were: invocations and ends.
  public private(set) var eventCount = 0

  /// A history in which nothing has happened yet.
  public init() {}

  /// The operation with this number.
  public subscript(id: ClientOperation.ID) -> ClientOperation {
    self.operations[id.rawValue]
  }

  /// A client asks; the operation is pending until one of the other calls ends it.
  public mutating func invoke(
    _ action: ClientOperation.Action, onKey key: Int, byClient client: Int, at time: UInt64 = 0
  ) -> ClientOperation.ID {
    let id = ClientOperation.ID(self.operations.count)
    self.operations.append(
      ClientOperation(
        id: id, client: client, key: key, action: action, invokedAt: time, outcome: .pending,
        invocation: self.eventCount))
    self.eventCount += 1
    return id
  }

  /// The operation took effect, and its client was told so.
  ///
  /// The answer must belong to the action; a mismatch of an expected version must tell the version
  /// that was found.
  public mutating func succeed(
    _ id: ClientOperation.ID, with answer: ClientOperation.Answer, at time: UInt64 = 0
  ) {
    let action = self.operations[id.rawValue].action
    precondition(Self.fits(answer, action), "\(id): \(answer) does not answer \(action)")
    self.end(id, .succeeded(answer), at: time)
  }

  /// The client was promised that the operation did not take effect and never will.
  public mutating func fail(_ id: ClientOperation.ID, at time: UInt64 = 0) {
    self.end(id, .failed, at: time)
  }

  /// The client gave up, or was told that the outcome is unknown: the operation may have taken
  /// effect, and may still at any later time.
  public mutating func giveUp(on id: ClientOperation.ID, at time: UInt64 = 0) {
    self.end(id, .unknown, at: time)
  }

  private mutating func end(
    _ id: ClientOperation.ID, _ outcome: ClientOperation.Outcome, at time: UInt64
  ) {
    let before = self.operations[id.rawValue].outcome
    precondition(before == .pending, "\(id) ends twice: \(before), then \(outcome)")
    self.operations[id.rawValue].outcome = outcome
    self.operations[id.rawValue].endedAt = time
    self.operations[id.rawValue].end = self.eventCount
    self.eventCount += 1
  }

  private static func fits(
    _ answer: ClientOperation.Answer, _ action: ClientOperation.Action
  ) -> Bool {
    switch (action, answer) {
    case (.write, .written), (.compareAndSet, .written), (.read, .read): true
    case (.compareAndSet(.version, _), .mismatched(let found)): found.version != nil
    case (.compareAndSet(.value, _), .mismatched): true
    default: false
    }
  }
}
