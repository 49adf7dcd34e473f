public import RaftEngine

/// The first message on a connection, from both sides: what the sender is able to do.
///
/// Who the sender is stands in the frame's ``Frame/contact``, as with every message.
public struct Hello: Hashable, Sendable {
  /// The newest version of the protocol that the sender speaks.
  public var newestProtocolVersion: UInt32
  /// The newest protocol feature that the sender understands.
  public var featureLevel: UInt32
  /// How many leaders one term may see, as far as the sender's data says.
  public var leadershipRule: LeadershipRule
  /// The longest body of a frame that the sender takes, in bytes.
  public var maximumBodyLength: UInt32
  /// The sender's name and version of its software, for people; may be empty.
  public var software: String

  /// A greeting.
  public init(
    newestProtocolVersion: UInt32 = Contact.currentProtocolVersion, featureLevel: UInt32,
    leadershipRule: LeadershipRule, maximumBodyLength: UInt32, software: String = ""
  ) {
    self.newestProtocolVersion = newestProtocolVersion
    self.featureLevel = featureLevel
    self.leadershipRule = leadershipRule
    self.maximumBodyLength = maximumBodyLength
    self.software = software
  }
}

extension ByteWriter {
  mutating func write(_ hello: Hello) {
    self.write(hello.newestProtocolVersion)
    self.write(hello.featureLevel)
    self.write(hello.leadershipRule.rawValue)
    self.write(hello.maximumBodyLength)
    self.write(text: hello.software)
  }
}

extension ByteReader {
  mutating func readHello() throws(CodecError) -> Hello {
    Hello(
      newestProtocolVersion: try self.readUInt32("the newest protocol version"),
      featureLevel: try self.readUInt32("a feature level"),
      leadershipRule: try self.readLeadershipRule(),
      maximumBodyLength: try self.readUInt32("the longest body of a frame"),
      software: try self.readText("the software's name"))
  }
}
