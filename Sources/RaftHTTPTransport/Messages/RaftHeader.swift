internal import Raft
internal import RaftHTTP
internal import RaftJSON

/// The header fields of raft messages: what openraft's JSON has no place for.
enum RaftHeader {
  /// The version of the protocol that the message is written in.
  static let version = "Raft-Protocol"
  /// The sender's cluster, or `none`.
  static let cluster = "Raft-Cluster"
  /// Which of several groups in one process; left out for 0.
  static let group = "Raft-Group"
  /// The sender's id.
  static let sender = "Raft-From"
  /// The sender's life.
  static let senderIncarnation = "Raft-From-Incarnation"
  /// The id of the node that is meant.
  static let receiver = "Raft-To"
  /// The life of the receiver that is meant.
  static let receiverIncarnation = "Raft-To-Incarnation"
  /// How many leaders a round may see in the sender's cluster; left out while that is not known.
  static let leadershipRule = "Raft-Leadership-Rule"

  /// In the answer to an append: the receiver's life.
  static let incarnation = "Raft-Incarnation"
  /// In a conflict: the position that the receiver's log does not contain.
  static let rejected = "Raft-Rejected"
  /// In a conflict: the last position where the logs may agree, or `null`.
  static let hint = "Raft-Hint"
  /// In the answer to an append: an index, a colon, and the state's fingerprint there.
  static let digest = "Raft-Digest"
  /// In the answer to an append: how long, in microseconds, the oldest write has been waiting.
  static let flushAge = "Raft-Flush-Age"
}

extension HTTPHeaders {
  /// The only value under this name; `nil` if there is none.
  func single(_ name: String) throws(MessageFault) -> String? {
    let values = self.values(named: name)
    guard values.count <= 1 else { throw MessageFault("the header \(name) is there twice") }
    return values.first
  }

  /// The only value under this name, read by `read`; `nil` if there is none.
  func single<Value>(
    _ name: String, as what: String, _ read: (String) -> Value?
  ) throws(MessageFault) -> Value? {
    guard let text = try self.single(name) else { return nil }
    guard let value = read(text) else {
      throw MessageFault("the header \(name) must be \(what), not \"\(text.prefix(64))\"")
    }
    return value
  }

  /// The only value under this name, as a number in plain digits.
  func number<Number: FixedWidthInteger>(
    _ name: String, as type: Number.Type
  ) throws(MessageFault) -> Number? {
    try self.single(name, as: "a number from \(Number.min) to \(Number.max)") { text in
      Number(text).flatMap { String($0) == text ? $0 : nil }
    }
  }

  /// The only value under this name, as an incarnation.
  func incarnation(_ name: String) throws(MessageFault) -> Incarnation? {
    try self.single(name, as: "sixteen lower-case hexadecimal digits", Incarnation.init(text:))
  }

  /// The only value under this name, as the JSON of a log id or null; throws if there is none.
  func position(_ name: String) throws(MessageFault) -> LogID? {
    guard let text = try self.single(name) else {
      throw MessageFault("the header \(name) is missing")
    }
    return try MessageFault.reading(Array(text.utf8)) { node throws(JSONError) in
      try LogID?(json: node)
    }
  }
}
