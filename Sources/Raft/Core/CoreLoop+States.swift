// How the states of replicas are compared. The engine knows nothing of it: what is found changes no
// decision of the protocol.
extension CoreLoop {
  /// The own machine's state has this digest.
  mutating func note(_ digest: StateDigest) {
    self.tell(self.states.note(own: digest))
    if case .leading = self.engine.role { return }
    self.states.forgetPeers()
  }

  /// A peer's answer carried the digest of its state.
  ///
  /// It counts from the life that the membership means, and for what this leader knows to be
  /// committed: so a peer cannot crowd out others with entries that do not exist.
  mutating func compare(_ digest: StateDigest, _ sent: Sent, by life: Incarnation?) {
    guard !self.states.knows(digest, of: sent.peer), self.engine.isLeader,
      let progress = self.engine.lead?.progress(of: sent.peer), progress.session == sent.session,
      progress.replacedBy == nil, progress.life == nil || progress.life == life,
      let committed = self.engine.committed, digest.index <= committed.index
    else { return }
    self.tell(self.states.note(digest, of: sent.peer))
  }

  /// At the end of a turn: forgets what does not concern this node any more.
  mutating func settleStates() {
    guard case .leading = self.engine.role else {
      self.states.forgetPeers()
      return
    }
    guard !self.states.divergences.isEmpty else { return }
    let membership = self.engine.effective
    self.states.keep { membership?.member($0) != nil }
  }

  private mutating func tell(_ changes: [StateLedger.Change]) {
    guard !changes.isEmpty else { return }
    let events = changes.map { change -> NodeEvent.Change in
      switch change {
      case .diverged(let divergence): .stateDiverged(divergence)
      case .agrees(let node, let index): .stateAgrees(node, at: index)
      }
    }
    let found = changes.count { if case .diverged = $0 { true } else { false } }
    if found > 0 { self.plan.recorder?.add(found, to: .stateDivergences) }
    if self.core.events.isWatched { self.tell(events) }
  }
}
