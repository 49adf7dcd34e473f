public import RaftEngine

extension ByteWriter {
  /// Writes the description of one server.
  ///
  /// The metadata stands in the order of the keys' UTF-8 bytes, so that one description has one
  /// encoding.
  public mutating func write(_ member: Member) {
    self.write(member.id)
    self.write(text: member.address)
    self.write(text: member.name)
    self.write(count: member.metadata.count)
    let sorted = member.metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (key, value) in sorted {
      self.write(text: key)
      self.write(text: value)
    }
    self.write(member.incarnation)
    self.write(flag: member.isPromotedWhenCaughtUp)
    self.write(member.role.rawValue)
  }
}

extension ByteReader {
  /// The fewest bytes that the description of a server takes.
  static let minimumMemberSize = 8 + 4 + 4 + 4 + 1 + 1 + 1

  /// Reads the description of one server.
  public mutating func readMember() throws(CodecError) -> Member {
    var member = Member(
      id: try self.readNodeID(), address: try self.readText("a member's address"),
      name: try self.readText("a member's name"), metadata: try self.readMetadata(),
      incarnation: try self.readOptionalIncarnation())
    member.isPromotedWhenCaughtUp = try self.readFlag("a member's promotion mark")
    member.role = try self.readCase(of: Member.Role.self, "a member's role")
    return member
  }

  private mutating func readMetadata() throws(CodecError) -> [String: String] {
    let what = "a member's metadata"
    let count = try self.readCount(what, ofSize: 8)
    var metadata: [String: String] = [:]
    var previous: String?
    for _ in 0..<count {
      let key = try self.readText(what)
      if let previous, !previous.utf8.lexicographicallyPrecedes(key.utf8) {
        throw self.error(.invalid("the keys do not ascend"), what)
      }
      // Keys of different bytes may still be the same text to Unicode.
      guard metadata.updateValue(try self.readText(what), forKey: key) == nil else {
        throw self.error(.invalid("the key \"\(key)\" stands twice"), what)
      }
      previous = key
    }
    return metadata
  }
}
