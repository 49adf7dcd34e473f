/// The exclusive lease: for how long nobody else can lead, by the voters' promises.
///
/// Every append and heartbeat asks its receiver for a promise of some length D: from receipt on it
/// neither votes for others nor stands itself. Clocks may run apart by a factor of (1+ρ)/(1−ρ), so
/// by the leader's clock such a promise holds for D·(1−ρ)/(1+ρ) after the message *left*. When
/// voters of a quorum hold promises, no other quorum is free of them.
///
/// A voter forgets what it promised when it restarts, so it waits from its start on for the largest
/// promise that the memberships in its log allow (``Membership/Terms/largestPromise``); a promise
/// counts here only from peers that hold that membership, and only up to that length.
extension Engine {
  /// What this leader asks its peers to promise; nothing without a quorum behind it, for then they
  /// must be free to choose another leader (openraft#2080).
  @inline(__always)
  func promiseAsked(since contact: Instant) -> Int64 {
    guard self.hasContact(since: contact) else { return 0 }
    let agreed = self.membership.committed.membership?.terms.largestPromise
    return min(self.configuration.promise, agreed ?? self.configuration.promise)
  }

  /// Until when a peer keeps the promise that the answered message asked for, by this node's clock.
  @inline(__always)
  func promiseEnd(_ sent: Sent, matched: LogIndex?) -> Instant? {
    let agreed = self.membership.committed
    guard sent.promise > 0, let largest = agreed.membership?.terms.largestPromise,
      matched.nextIndex >= agreed.logID.nextIndex
    else { return nil }
    let drift = Int64(self.configuration.clockDriftPerMillion)
    let lasting = min(sent.promise, largest)
    // The product stays far below 2^63: a promise is at most a minute, 6e10 ns.
    let shortened = lasting / (1_000_000 + drift) * (1_000_000 - drift)
    return sent.at.advanced(byNanoseconds: shortened)
  }

  /// The end of the lease, if it holds now; no other node leads before it.
  ///
  /// The only voter needs no promise but its own.
  ///
  /// It ends for good when this leader asks another node to take over.
  func leaseEnd(_ lead: Leadership) -> Instant? {
    guard !lead.isLeaseEnded, let membership = self.effective else { return nil }
    let end = membership.quorumValue { id -> Instant? in
      id == self.id ? .distantFuture : lead.progress(of: id)?.promisedUntil
    }
    guard let end, self.now < end else { return nil }
    return end
  }

  /// The end of the lease, if it holds now and is young enough for the reader.
  func leaseEnd(_ lead: Leadership, for wish: ReadWish) -> Instant? {
    guard let ageMax = wish.ageMax, let end = self.leaseEnd(lead) else { return nil }
    if end == .distantFuture { return end }
    let freshUntil = lead.contact.advanced(byNanoseconds: ageMax)
    return self.now < freshUntil ? min(end, freshUntil) : nil
  }

  /// The membership with the promise that this leader is configured for, if that is longer than
  /// the agreed one.
  ///
  /// Until it is committed, the leader asks for the shorter one.
  func agreeing(_ membership: Membership) -> Membership {
    guard let agreed = membership.terms.largestPromise, agreed < self.configuration.promise else {
      return membership
    }
    var terms = membership.terms
    terms.largestPromise = self.configuration.promise
    return membership.with(terms)
  }

  /// Whether this node could answer a read by its lease at this moment of its clock.
  package func holdsLease(at moment: Instant) -> Bool {
    guard let lead = self.lead, let end = self.leaseEnd(lead) else { return false }
    return moment < end
  }
}
