/// What becomes of voters that a membership change takes the vote from.
public enum RemovedVoters: Hashable, Sendable {
  /// They leave the cluster.
  case leave
  /// They stay, as learners.
  case becomeLearners
}

/// Whether adding a learner waits until it has caught up.
public enum LearnerAdmission: Hashable, Sendable {
  /// Return when the membership with the learner is committed.
  case atOnce
  /// Return when the learner's log lacks at most so many entries, or fail after this time.
  case whenCaughtUp(lag: Int, within: Duration)

  /// Wait until at most 1000 entries are missing, for a minute at the most.
  public static let whenCaughtUp = LearnerAdmission.whenCaughtUp(lag: 1000, within: .seconds(60))
}

extension RaftNode {
  /// Founds a cluster with these members, all of them voters.
  ///
  /// Call it once, on one node; the others learn of the cluster from the leader. To call it on
  /// several nodes of the same set, give all of them the same cluster id.
  ///
  /// - Throws: ``BootstrapError`` if this node has a history already or would have no vote.
  public func bootstrap(
    with members: [Member], cluster: ClusterID? = nil,
    leadershipRule: LeadershipRule = .manyPerTerm
  ) async throws(BootstrapError) {
    let membership: Membership
    do {
      membership = try Membership(
        voters: members,
        terms: Membership.Terms(
          cluster: cluster, leadershipRule: leadershipRule,
          largestPromise: self.configuration.engine.promise))
    } catch {
      throw .invalid(error)
    }
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Void, BootstrapError>, Never>) in
      if let failure = self.core.mailbox.post(.bootstrap(membership, continuation)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    try result.get()
  }

  /// Changes who belongs to the cluster or has a vote, by way of a joint membership if the set of
  /// voters changes; returns when the last step is committed.
  ///
  /// If this node stops leading on the way, whoever leads next finishes the change.
  ///
  /// - Parameters:
  ///   - change: The wish.
  ///   - removedVoters: What becomes of voters that the change takes the vote from.
  ///   - expected: The entry of the membership that the change is meant for, such as a receipt's
  ///     or ``Metrics/effectiveMembership``'s; with another one in force nothing is changed. `nil`
  ///     changes whatever is in force. A leader adds entries of its own when it binds members to
  ///     their data and when it promotes learners.
  /// - Throws: ``MembershipChangeError``, which says whether anything may have changed.
  @discardableResult
  public func changeMembership(
    _ change: MembershipChange, removedVoters: RemovedVoters = .leave, if expected: LogID? = nil
  ) async throws(MembershipChangeError) -> MembershipReceipt {
    try await self.changeMembership(
      change, removedVoters: removedVoters, if: expected, boundTo: nil)
  }

  func changeMembership(
    _ change: MembershipChange, removedVoters: RemovedVoters, if expected: LogID?,
    boundTo leadership: LeaderID?
  ) async throws(MembershipChangeError) -> MembershipReceipt {
    let result = await withUnsafeContinuation {
      (
        continuation:
          UnsafeContinuation<Result<MembershipReceipt, MembershipChangeError>, Never>
      ) in
      let event = Event.changeMembership(
        change, retainingRemoved: removedVoters == .becomeLearners, expected: expected,
        continuation)
      if let failure = self.core.mailbox.post(event.bound(to: leadership)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    return try result.get()
  }

  /// Adds a member without a vote; it gets the log, and a snapshot if it needs one.
  ///
  /// A member that is there already stays as it is described.
  ///
  /// - Throws: ``MembershipChangeError``; ``MembershipChangeError/notCaughtUp(_:)`` if it is a
  ///   learner but lags behind.
  @discardableResult
  public func addLearner(
    _ member: Member, admission: LearnerAdmission = .whenCaughtUp
  ) async throws(MembershipChangeError) -> MembershipReceipt {
    let receipt = try await self.changeMembership(.addLearners([member]))
    guard case .whenCaughtUp(let lag, let limit) = admission, member.id != self.id else {
      return receipt
    }
    let isSettled = WaitCondition("learner \(member.id) caught up") { metrics in
      guard metrics.state == .leader else { return true }
      guard let last = metrics.lastLogID?.index else { return false }
      guard let progress = metrics.replication.first(where: { $0.id == member.id }) else {
        return metrics.effectiveMembership.membership?.member(member.id) == nil
      }
      return (progress.matched?.index).nextIndex.distance(to: last.next) <= lag
    }
    do {
      let metrics = try await self.wait(for: isSettled, within: limit)
      if let failure = metrics.failure { throw MembershipChangeError.stopped(failure) }
      guard metrics.state == .leader else { throw MembershipChangeError.outcomeUnknown }
      return receipt
    } catch let error as MembershipChangeError {
      throw error
    } catch WaitError.stopped(let failure, _, _) {
      throw .stopped(failure)
    } catch {
      throw .notCaughtUp(member.id)
    }
  }
}
