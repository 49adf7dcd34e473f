extension Engine {
  /// Why a message with this contact must not be handled; `nil` if it may be.
  package func refusal(of contact: Contact, reached incarnation: Incarnation) -> ContactRefusal? {
    guard contact.protocolVersion <= Contact.currentProtocolVersion else {
      return .unknownProtocol(
        version: contact.protocolVersion, newestKnown: Contact.currentProtocolVersion)
    }
    guard contact.receiver == self.id else {
      return .wrongNode(meant: contact.receiver, reached: self.id)
    }
    guard contact.sender != self.id else { return .ownMessage(self.id) }
    if let meant = contact.receiverIncarnation, meant != incarnation {
      return .wrongIncarnation(meant: meant, reached: incarnation)
    }
    if let theirs = contact.cluster, let ours = self.cluster, theirs != ours {
      return .wrongCluster(theirs: theirs, ours: ours)
    }
    return nil
  }
}
