extension CoreLoop {
  /// The way to a member, made or made anew if its address changed; `nil` for strangers.
  private mutating func link(to id: NodeID) -> PeerLink? {
    self.closeOutdatedLinks()
    for place in self.links.indices where self.links[place].id == id { return self.links[place] }
    guard let member = self.engine.effective?.member(id) else { return nil }
    let link = PeerLink(to: member, over: self.core.transport)
    self.links.append(link)
    if link.stream == nil {
      let core = self.core
      self.spawn { await link.runAppends(core) }
      self.spawn { await link.runHeartbeats(core) }
    }
    return link
  }

  /// Lets go of the ways to members whose addresses changed.
  private mutating func closeOutdatedLinks() {
    // A position names one membership, and so one address of each member.
    let effective = self.engine.membership.effective.logID
    guard self.linksChecked != effective, let membership = self.engine.effective else { return }
    self.linksChecked = effective
    self.links.removeAll { link in
      guard let address = membership.address(of: link.id), address != link.member.address else {
        return false
      }
      link.close()
      return true
    }
  }

  /// Lets go of the ways to nodes that are no members any more.
  mutating func closeForgottenLinks() {
    let effective = self.engine.membership.effective.logID
    if self.membersCounted != effective {
      self.membersCounted = effective
      self.memberCount = self.engine.effective?.members.count ?? .max
    }
    // As many links as members, this node included: some lead to nodes that are none.
    guard self.links.count >= self.memberCount, let membership = self.engine.effective else {
      return
    }
    self.links.removeAll { link in
      guard !membership.isMember(link.id) else { return false }
      if self.engine.isTracking(link.id) { return false }
      link.close()
      return true
    }
  }

  /// What kind of member the peer is, or was before it was removed.
  private mutating func role(of link: PeerLink) -> Member.Role {
    self.engine.roleNow(of: link.id) ?? link.member.role
  }

  mutating func sendAppend(
    to id: NodeID, _ header: AppendHeader, through last: LogIndex, message: UInt64,
    isSized: Bool
  ) {
    let sent = Sent(
      peer: id, session: header.session, message: message, at: self.now, promise: header.promise)
    guard let link = self.link(to: id) else {
      self.core.post(.input(.peerFailed(.unreachable, sent)))
      return
    }
    let role = self.role(of: link)
    var entries = self.tail.slices(
      from: header.previous.nextIndex, through: last,
      bytesMax: self.core.configuration.appendBytesMax)
    if role == .witness { entries = entries.map { $0.form(for: role) } }
    if self.isMeasuring {
      let end = entries.last?.last ?? last
      self.note(header.previous.nextIndex.distance(to: end.next), in: .replicationBatch)
    }
    let contact = self.engine.contactNow(to: id)
    if entries.isEmpty || link.stream == nil {
      let append = PeerLink.Outgoing(
        contact: contact, header: header, through: last, sent: sent, role: role,
        entries: entries)
      guard link.stream == nil else {
        let core = self.core
        self.spawn { await link.deliver(append, core) }
        return
      }
      link.send(append)
    } else {
      link.stream?(
        AppendRequest(contact: contact, header: header, entries: entries),
        AppendReply(to: self.core, sent))
    }
    guard !isSized, !entries.isEmpty else { return }
    self.step(
      .appendSent(
        through: entries[entries.count - 1].last, byteCount: entries.memoryByteCount, sent))
  }

  mutating func sendHeartbeat(to id: NodeID, _ header: AppendHeader, message: UInt64) {
    guard let link = self.link(to: id) else { return }
    let sent = Sent(
      peer: id, session: header.session, message: message, at: self.now, promise: header.promise)
    let contact = self.engine.contactNow(to: id)
    if let stream = link.stream {
      stream(
        AppendRequest(contact: contact, header: header, entries: []),
        AppendReply(to: self.core, sent))
    } else {
      link.send(PeerLink.Heartbeat(contact: contact, header: header, sent: sent))
    }
  }

  mutating func requestVote(of id: NodeID, _ request: VoteRequest) {
    guard let link = self.link(to: id) else { return }
    let contact = self.engine.contactNow(to: id)
    let core = self.core
    self.spawn {
      // No answer is an answer too: the next timeout asks again.
      guard
        let response = try? await link.connection.vote(
          request, contact: contact, within: core.configuration.electionTimeoutMin)
      else { return }
      core.post(.input(.voteAnswered(response, from: id, under: request.vote)))
    }
  }

  mutating func requestPreVote(of id: NodeID, _ request: VoteRequest) {
    guard let link = self.link(to: id) else { return }
    let contact = self.engine.contactNow(to: id)
    let core = self.core
    self.spawn {
      let response: VoteResponse
      do throws(TransportError) {
        response = try await link.connection.preVote(
          request, contact: contact, within: core.configuration.electionTimeoutMin)
      } catch {
        guard case .unsupported = error else { return }
        // A peer that does not know the question is asked for its vote itself, and then says which
        // life it lives.
        response = VoteResponse(
          vote: request.vote, isGranted: true, lastLogID: nil,
          incarnation: contact.receiverIncarnation)
      }
      core.post(.input(.preVoteAnswered(response, from: id, under: request.vote)))
    }
  }

  mutating func sendTransfer(to id: NodeID, _ request: TransferRequest) {
    guard let link = self.link(to: id) else { return }
    let contact = self.engine.contactNow(to: id)
    let core = self.core
    self.spawn {
      let response = try? await link.connection.transferLeadership(
        request, contact: contact, within: core.configuration.electionTimeoutMin)
      core.post(.input(.transferAnswered(response, from: id, under: request.from)))
    }
  }

  mutating func sendSnapshot(to id: NodeID, _ vote: Vote, session: UInt64, message: UInt64) {
    let sent = Sent(peer: id, session: session, message: message, at: self.now)
    guard let link = self.link(to: id) else {
      self.core.post(.input(.peerFailed(.unreachable, sent)))
      return
    }
    let contact = self.engine.contactNow(to: id)
    let role = self.role(of: link)
    let core = self.core
    self.spawn {
      do {
        guard let snapshot = try await core.snapshotStore.latest() else {
          throw StorageError(.missing, "there is no snapshot to send")
        }
        let request =
          switch role {
          case .replica:
            SnapshotRequest(
              contact: contact, vote: vote, snapshot: snapshot.meta,
              content: try await snapshot.read())
          case .witness:
            SnapshotRequest(contact: contact, vote: vote, withheld: snapshot.meta)
          }
        let response = try await link.connection.installSnapshot(
          request, within: core.configuration.snapshotTimeout)
        core.post(
          .input(
            .snapshotAnswered(
              response.vote, through: snapshot.meta.lastLogID, sent, by: response.incarnation)))
      } catch {
        // The peer is paused for a while, then offered the newest snapshot again.
        core.note(error, of: id)
        let failure = (error as? TransportError)?.peerFailure ?? .unreadable
        core.post(.input(.peerFailed(failure, sent)))
      }
    }
  }
}
