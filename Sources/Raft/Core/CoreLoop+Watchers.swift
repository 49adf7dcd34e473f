// Only called when somebody watches. All are mutating, since the loop is copied for others.
extension CoreLoop {
  /// Tells the engine of an input, and watchers of what that changed.
  mutating func takeWatched(_ input: Input) {
    let before = EventEvidence(self.engine)
    self.engine.take(input, at: self.now)
    var changes: [NodeEvent.Change] = []
    switch input {
    case .snapshotBuilt(let meta): changes.append(.snapshotBuilt(through: meta.lastLogID))
    case .snapshotBuildFailed: changes.append(.snapshotFailed)
    case .snapshotReceived(let meta, _): changes.append(.snapshotReceived(through: meta.lastLogID))
    case .snapshotReceptionFailed: changes.append(.snapshotLost)
    case .snapshotInstalled(let logID): changes.append(.snapshotInstalled(through: logID))
    default: break
    }
    self.tell(changes + before.changes(to: EventEvidence(self.engine)))
  }

  /// Tells of what is about to be done.
  mutating func tell(of command: Command) {
    switch command {
    case .truncate(let last): self.tell([.logTruncated(after: last)])
    case .buildSnapshot: self.tell([.snapshotBegan])
    case .receiveSnapshot(let meta, _): self.tell([.snapshotOffered(through: meta.lastLogID)])
    case .sendSnapshot(let peer, _, _, _): self.tell([.snapshotSent(to: peer)])
    default: break
    }
  }

  /// Tells all watchers of these changes.
  mutating func tell(_ changes: [NodeEvent.Change]) {
    guard !changes.isEmpty else { return }
    let time = self.core.timestamp(of: self.now)
    self.core.events.tell(changes.map { NodeEvent(at: time, change: $0) })
  }
}
