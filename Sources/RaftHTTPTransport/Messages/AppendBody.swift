internal import Raft
internal import RaftJSON

/// The body of an append:
/// `{"vote":…,"prev_log_id":…,"entries":[…],"leader_commit":…,"promise":0,"session":0}`.
///
/// An entry is `{"log_id":…,"payload":"Blank"|{"Normal":…}|{"Membership":…}}`. A command that is
/// JSON stands under `Normal` by its very bytes. Any other is a string there, and the entry says
/// `"encoding":"base64"`. For a witness the payload of a command is `"Withheld"`. The entry's
/// `timestamp`, nanoseconds since 1970, is left out where it is that of the entry before it; before
/// the first it is 0.
struct AppendBody: JSONWritable {
  /// Under this name stands what belongs to the application.
  static let normal = "Normal"
  static let encoding = "base64"

  let header: AppendHeader
  let entries: [EntrySlice]
  let payloads: PayloadForm

  /// The body of a request whose entries all have a shape in JSON; throws the kind of one that has
  /// none.
  init(_ request: AppendRequest, _ payloads: PayloadForm) throws(UnsupportedKind) {
    for slice in request.entries {
      switch slice.chunk.run.kind {
      case .blank, .command, .membership, .withheld: break
      case .session, .recovery: throw UnsupportedKind(kind: slice.chunk.run.kind)
      }
    }
    self.header = request.header
    self.entries = request.entries
    self.payloads = payloads
  }

  /// A kind of entry that has no shape in JSON.
  struct UnsupportedKind: Error, Hashable {
    let kind: EntryKind
  }

  /// The text, in memory that was made large enough at the start.
  func bytes() -> [UInt8] {
    let count = self.entries.reduce(0) { $0 + $1.count }
    let byteCount = self.entries.reduce(0) { $0 + $1.byteCount }
    var writer = JSONWriter(capacity: 512 + 192 * count + byteCount * 4 / 3)
    writer.write(self)
    return writer.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("vote", self.header.vote)
      writer.member("prev_log_id", self.header.previous)
      writer.member("entries") { writer in
        writer.array { writer in
          var time = Timestamp.epoch
          for slice in self.entries {
            for index in slice.first...slice.last {
              self.write(index, of: slice, after: time, to: &writer)
              time = slice.chunk.run.timestamp
            }
          }
        }
      }
      writer.member("leader_commit", self.header.committed)
      writer.member("promise", self.header.promise)
      writer.member("session", self.header.session)
    }
  }

  private func write(
    _ index: LogIndex, of slice: EntrySlice, after time: Timestamp, to writer: inout JSONWriter
  ) {
    let run = slice.chunk.run
    writer.object { writer in
      writer.member("log_id", LogID(leader: run.leader, index: index))
      writer.name("payload")
      if let membership = run.membership {
        writer.variant("Membership", membership)
      } else if run.kind == .blank {
        writer.string("Blank")
      } else if run.kind == .withheld {
        writer.string("Withheld")
      } else if let fragment = self.payloads.fragment(slice.payload(at: index)) {
        writer.variant(Self.normal, fragment)
      } else {
        writer.variant(Self.normal, Base64.text(slice.payload(at: index)))
        writer.member("encoding", Self.encoding)
      }
      if run.timestamp != time { writer.member("timestamp", run.timestamp.nanoseconds) }
    }
  }
}

extension AppendRequest {
  /// Reads the body of an append.
  init(body: [UInt8], contact: Contact) throws(MessageFault) {
    self = try MessageFault.reading(body, sealing: [AppendBody.normal]) {
      node throws(JSONError) in
      let header = AppendHeader(
        vote: try node.member("vote", as: Vote.self),
        previous: try node.optional("prev_log_id", as: LogID.self),
        committed: try node.optional("leader_commit", as: LogID.self),
        promise: try node.optional("promise")?.duration() ?? 0,
        session: try node.optional("session")?.uint64() ?? 0)
      var gatherer = EntryGatherer()
      for entry in try node["entries"].elements() { try gatherer.take(entry) }
      return AppendRequest(contact: contact, header: header, entries: gatherer.finish())
    }
  }
}
