internal import RaftJSON

/// What is wrong with a message of another server: with a body, or with a header.
struct MessageFault: Error, Hashable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  init(_ error: JSONError) {
    self.reason = "the body is not what it should be: \(error)"
  }

  /// Reads a message out of a body.
  static func reading<Message>(
    _ body: [UInt8], sealing names: [String] = [],
    _ read: (JSONNode) throws(JSONError) -> Message
  ) throws(MessageFault) -> Message {
    do throws(JSONError) {
      return try read(try JSONDocument(body, sealing: names).root)
    } catch {
      throw MessageFault(error)
    }
  }
}
