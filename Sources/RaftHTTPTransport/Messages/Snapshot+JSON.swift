public import Raft
public import RaftJSON

extension SnapshotMeta: JSONShape {
  /// Writes `{"last_log_id":…,"last_membership":…,"snapshot_id":"…","byte_count":7}`,
  /// `"timestamp"` in nanoseconds unless it is 0, and `"form":"Handle"` if the content is a
  /// reference, `"Withheld"` if there is none; the id is the content's hash in hexadecimal digits.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("last_log_id", self.lastLogID)
      writer.member("last_membership", self.membership)
      writer.member("snapshot_id", Hexadecimal.text(self.contentHash))
      writer.member("byte_count", self.byteCount)
      if self.timestamp != .epoch { writer.member("timestamp", self.timestamp.nanoseconds) }
      if self.form != .data { writer.member("form", Self.forms.word(for: self.form)) }
    }
  }

  /// Reads what a snapshot stands for.
  public init(json: JSONNode) throws(JSONError) {
    let id = try json["snapshot_id"]
    guard let hash = Hexadecimal.number(try id.string()) else {
      throw id.mismatch(expected: "sixteen lower-case hexadecimal digits")
    }
    self.init(
      lastLogID: try json.member("last_log_id", as: LogID.self),
      membership: try json.member("last_membership", as: LoggedMembership.self),
      byteCount: try json["byte_count"].uint64(), contentHash: hash)
    if let timestamp = try json.optional("timestamp") {
      self.timestamp = Timestamp(nanoseconds: try timestamp.uint64())
    }
    if let form = try json.optional("form") { self.form = try Self.forms.value(of: form) }
  }

  private static let forms = JSONWords<Form>(words: [
    "Data": .data, "Handle": .handle, "Withheld": .withheld,
  ])
}

extension SnapshotResponse: JSONShape {
  /// Writes `{"vote":…}`, and `incarnation` if it is stated.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("vote", self.vote)
      if let incarnation = self.incarnation { writer.member("incarnation", incarnation) }
    }
  }

  /// Reads the answer to an offered snapshot.
  public init(json: JSONNode) throws(JSONError) {
    self.init(
      vote: try json.member("vote", as: Vote.self),
      incarnation: try json.optional("incarnation", as: Incarnation.self))
  }
}
