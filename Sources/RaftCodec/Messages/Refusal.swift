public import RaftEngine

/// The answer to a message that the receiver did not take, whatever the message asked for.
@nonexhaustive
public enum Refusal: Hashable, Sendable {
  /// The message was meant for somebody else.
  case contact(ContactRefusal)
  /// The sender was removed from the cluster by the committed membership at this position.
  case notMember(committed: LogID)
  /// The receiver does not know this kind of message.
  case unsupported(String)
  /// The receiver takes no more work at the moment.
  case overloaded
  /// The receiver is stopped, or met an error of its own.
  case failed(String)
}

/// The numbers of the refusals.
private enum RefusalKind: UInt8 {
  case contact = 0
  case notMember = 1
  case unsupported = 2
  case overloaded = 3
  case failed = 4
}

/// The numbers of the reasons why a contact is refused.
private enum ContactRefusalKind: UInt8 {
  case unknownProtocol = 0
  case wrongNode = 1
  case wrongIncarnation = 2
  case wrongCluster = 3
  case ownMessage = 4
  case wrongLeadershipRule = 5
}

extension ByteWriter {
  mutating func write(_ refusal: Refusal) {
    switch refusal {
    case .contact(let reason):
      self.write(RefusalKind.contact.rawValue)
      self.write(reason)
    case .notMember(let committed):
      self.write(RefusalKind.notMember.rawValue)
      self.write(committed)
    case .unsupported(let what):
      self.write(RefusalKind.unsupported.rawValue)
      self.write(text: what)
    case .overloaded:
      self.write(RefusalKind.overloaded.rawValue)
    case .failed(let reason):
      self.write(RefusalKind.failed.rawValue)
      self.write(text: reason)
    }
  }

  private mutating func write(_ refusal: ContactRefusal) {
    switch refusal {
    case .unknownProtocol(let version, let newestKnown):
      self.write(ContactRefusalKind.unknownProtocol.rawValue)
      self.write(version)
      self.write(newestKnown)
    case .wrongNode(let meant, let reached):
      self.write(ContactRefusalKind.wrongNode.rawValue)
      self.write(meant)
      self.write(reached)
    case .wrongIncarnation(let meant, let reached):
      self.write(ContactRefusalKind.wrongIncarnation.rawValue)
      self.write(meant)
      self.write(reached)
    case .wrongCluster(let theirs, let ours):
      self.write(ContactRefusalKind.wrongCluster.rawValue)
      self.write(theirs)
      self.write(ours)
    case .ownMessage(let node):
      self.write(ContactRefusalKind.ownMessage.rawValue)
      self.write(node)
    case .wrongLeadershipRule(let theirs, let ours):
      self.write(ContactRefusalKind.wrongLeadershipRule.rawValue)
      self.write(theirs.rawValue)
      self.write(ours.rawValue)
    }
  }
}

extension ByteReader {
  mutating func readRefusal() throws(CodecError) -> Refusal {
    switch try self.readCase(of: RefusalKind.self, "a refusal") {
    case .contact: .contact(try self.readContactRefusal())
    case .notMember: .notMember(committed: try self.readLogID())
    case .unsupported: .unsupported(try self.readText("a refusal's reason"))
    case .overloaded: .overloaded
    case .failed: .failed(try self.readText("a refusal's reason"))
    }
  }

  private mutating func readContactRefusal() throws(CodecError) -> ContactRefusal {
    switch try self.readCase(of: ContactRefusalKind.self, "the reason of a refused contact") {
    case .unknownProtocol:
      .unknownProtocol(
        version: try self.readUInt32("a protocol version"),
        newestKnown: try self.readUInt32("a protocol version"))
    case .wrongNode:
      .wrongNode(meant: try self.readNodeID(), reached: try self.readNodeID())
    case .wrongIncarnation:
      .wrongIncarnation(
        meant: try self.readIncarnation(), reached: try self.readIncarnation())
    case .wrongCluster:
      .wrongCluster(theirs: try self.readClusterID(), ours: try self.readClusterID())
    case .ownMessage: .ownMessage(try self.readNodeID())
    case .wrongLeadershipRule:
      .wrongLeadershipRule(
        theirs: try self.readLeadershipRule(), ours: try self.readLeadershipRule())
    }
  }
}
