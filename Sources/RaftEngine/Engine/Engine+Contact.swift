extension Engine {
  /// Who speaks to whom when this node sends that one something.
  ///
  /// A life is named as soon as one is known to count: another one then refuses.
  @inline(__always)
  package func contact(to id: NodeID) -> Contact {
    var life = self.effective?.incarnation(of: id)
    if life == nil, !self.leaderships.isEmpty, let place = self.leaderships[0].place(of: id) {
      life = self.leaderships[0].progress[place].life
    }
    return Contact(
      cluster: self.cluster, sender: self.id, senderIncarnation: self.incarnation, receiver: id,
      receiverIncarnation: life, leadershipRule: self.effective?.terms.leadershipRule)
  }

  /// Why a message with this contact must not be handled; `nil` if it may be.
  @inline(__always)
  package func refusal(of contact: Contact) -> ContactRefusal? {
    guard contact.protocolVersion <= Contact.currentProtocolVersion else {
      return .unknownProtocol(
        version: contact.protocolVersion, newestKnown: Contact.currentProtocolVersion)
    }
    guard contact.receiver == self.id else {
      return .wrongNode(meant: contact.receiver, reached: self.id)
    }
    guard contact.sender != self.id else { return .ownMessage(self.id) }
    if let meant = contact.receiverIncarnation, let reached = self.incarnation, meant != reached {
      return .wrongIncarnation(meant: meant, reached: reached)
    }
    if let theirs = contact.cluster, let ours = self.cluster, theirs != ours {
      return .wrongCluster(theirs: theirs, ours: ours)
    }
    if let theirs = contact.leadershipRule, let ours = self.effective?.terms.leadershipRule,
      theirs != ours
    {
      return .wrongLeadershipRule(theirs: theirs, ours: ours)
    }
    return nil
  }
}
