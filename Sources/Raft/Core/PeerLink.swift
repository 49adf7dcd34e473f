/// The core's end of the way to one peer: the connection, and a lane each for appends and
/// heartbeats.
///
/// A connection that only knows request and answer gets one task a lane, so a slow append never
/// holds up a heartbeat. A streaming connection needs none.
final class PeerLink: Sendable {
  /// An append that waits for its turn.
  struct Outgoing: Sendable {
    let contact: Contact
    let header: AppendHeader
    let through: LogIndex
    let sent: Sent
    /// What kind of member the entries are for.
    let role: Member.Role
    /// The entries; empty if only the store has them.
    let entries: [EntrySlice]
  }

  /// A heartbeat that waits for its turn; only the newest does.
  struct Heartbeat: Sendable {
    let contact: Contact
    let header: AppendHeader
    let sent: Sent
  }

  let id: NodeID
  let member: Member
  let connection: any PeerConnection
  /// Sends an append over a streaming connection; `nil` if the connection is none.
  ///
  /// A function, since a connection of an unknown type would be copied for each append.
  let stream: (@Sendable (consuming AppendRequest, consuming AppendReply) -> Void)?
  private let appends = JobQueue<Outgoing>()
  private let heartbeats = JobQueue<Heartbeat>()

  init(to member: Member, over transport: any Transport) {
    self.id = member.id
    self.member = member
    let connection = transport.connection(to: member)
    self.connection = connection
    if let streaming = connection as? any AppendStreaming {
      self.stream = { streaming.stream($0, reply: $1) }
    } else {
      self.stream = nil
    }
  }

  func send(_ append: Outgoing) {
    self.appends.add(append)
  }

  func send(_ heartbeat: Heartbeat) {
    self.heartbeats.replaceAll(with: heartbeat)
  }

  func close() {
    self.appends.close()
    self.heartbeats.close()
    self.connection.close()
  }

  /// Sends appends in order until the link is closed.
  func runAppends(_ core: RaftCore) async {
    while let append = await self.appends.next() {
      await self.deliver(append, core)
    }
  }

  /// Sends the newest heartbeat until the link is closed.
  func runHeartbeats(_ core: RaftCore) async {
    while let heartbeat = await self.heartbeats.next() {
      let request = AppendRequest(
        contact: heartbeat.contact, header: heartbeat.header, entries: [])
      await self.exchange(request, heartbeat.sent, core)
    }
  }

  /// Sends one append, reading its entries from the store if need be.
  func deliver(_ append: Outgoing, _ core: RaftCore) async {
    var entries = append.entries
    if entries.isEmpty {
      do throws(StorageError) {
        entries = try await core.logStore.entries(
          from: append.header.previous.nextIndex, through: append.through,
          byteLimit: core.configuration.appendBytesMax
        ).map { $0.form(for: append.role) }
      } catch {
        // Purged meanwhile: the peer needs the snapshot. Anything else is the end of this node.
        core.post(
          error.kind == .missing
            ? .input(.peerFailed(.unreadable, append.sent)) : .stop(.storage(error)))
        return
      }
      if let last = entries.last?.last {
        core.post(
          .input(
            .appendSent(through: last, byteCount: entries.memoryByteCount, append.sent)))
      }
    }
    let request = AppendRequest(
      contact: append.contact, header: append.header, entries: entries)
    if let stream = self.stream {
      stream(request, AppendReply(to: core, append.sent))
    } else {
      await self.exchange(request, append.sent, core)
    }
  }

  private func exchange(_ request: AppendRequest, _ sent: Sent, _ core: RaftCore) async {
    let reply = AppendReply(to: core, sent)
    do {
      let response = try await self.connection.append(
        request, within: core.configuration.appendTimeout)
      reply(.success(response))
    } catch {
      // What waits behind a lost append cannot fit: it is not worth a time limit each.
      let lost = request.entries.isEmpty ? [] : self.appends.removeAll()
      reply(.failure(error))
      for append in lost { core.post(.input(.peerFailed(.lost, append.sent))) }
    }
  }
}

extension [EntrySlice] {
  /// What the entries cost in memory, in bytes.
  var memoryByteCount: Int {
    var byteCount = 0
    for place in self.indices { byteCount += self[place].memoryByteCount }
    return byteCount
  }
}
