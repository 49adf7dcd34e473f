public import RaftEngine

/// A node hands a client's command on to the leader.
public struct ForwardRequest: Hashable, Sendable {
  /// The client's session; 0 if it has none.
  public var clientSession: UInt64
  /// The command's number in the session, by which a repeated one is known; 0 without a session.
  public var serial: UInt64
  /// How long the sender will wait, in nanoseconds from receipt; 0 if it does not say.
  public var patience: Int64
  /// The encoded command.
  public var command: [UInt8]

  /// A command on its way.
  public init(
    clientSession: UInt64 = 0, serial: UInt64 = 0, patience: Int64 = 0, command: [UInt8]
  ) {
    self.clientSession = clientSession
    self.serial = serial
    self.patience = patience
    self.command = command
  }
}

/// The answer to a forwarded command.
@nonexhaustive
public enum ForwardReply: Hashable, Sendable {
  /// The command was applied at this position, with this encoded response.
  case applied(LogID, response: [UInt8])
  /// The receiver does not lead; whom it stands behind tells where to ask. Nothing was done.
  case notLeader(Vote)
  /// The receiver takes no more work at the moment. Nothing was done.
  case overloaded
  /// The command may or may not take effect.
  case outcomeUnknown
  /// The receiver is stopped, or met an error of its own.
  case failed(String)
}

/// The numbers of the answers.
private enum ForwardAnswer: UInt8 {
  case applied = 0
  case notLeader = 1
  case overloaded = 2
  case outcomeUnknown = 3
  case failed = 4
}

extension ByteWriter {
  mutating func write(_ request: ForwardRequest) {
    self.write(request.clientSession)
    self.write(request.serial)
    self.write(request.patience)
    self.write(counted: request.command)
  }

  mutating func write(_ reply: ForwardReply) {
    switch reply {
    case .applied(let logID, let response):
      self.write(ForwardAnswer.applied.rawValue)
      self.write(logID)
      self.write(counted: response)
    case .notLeader(let vote):
      self.write(ForwardAnswer.notLeader.rawValue)
      self.write(vote)
    case .overloaded:
      self.write(ForwardAnswer.overloaded.rawValue)
    case .outcomeUnknown:
      self.write(ForwardAnswer.outcomeUnknown.rawValue)
    case .failed(let reason):
      self.write(ForwardAnswer.failed.rawValue)
      self.write(text: reason)
    }
  }
}

extension ByteReader {
  mutating func readForwardRequest() throws(CodecError) -> ForwardRequest {
    ForwardRequest(
      clientSession: try self.readUInt64("a client's session"),
      serial: try self.readUInt64("a command's number"),
      patience: try self.readNanoseconds("a client's patience"),
      command: try self.readCounted("a command"))
  }

  mutating func readForwardReply() throws(CodecError) -> ForwardReply {
    switch try self.readCase(of: ForwardAnswer.self, "the answer to a command") {
    case .applied:
      .applied(try self.readLogID(), response: try self.readCounted("a response"))
    case .notLeader: .notLeader(try self.readVote())
    case .overloaded: .overloaded
    case .outcomeUnknown: .outcomeUnknown
    case .failed: .failed(try self.readText("a failure's reason"))
    }
  }
}
