public import Raft
import RaftConcurrency
import Synchronization

/// A network of nodes in one process: every request is a call, and every way can be cut.
///
/// For tests, examples and benchmarks. Safe to use from any thread.
public final class InProcessNetwork: Sendable {
  /// How a request reaches one node.
  final class Door: Sendable {
    let id: NodeID
    let append:
      @Sendable (
        consuming AppendRequest, @escaping @Sendable (Result<AppendResponse, RequestError>) -> Void
      ) -> Void
    let vote: @Sendable (VoteRequest, Contact) async throws(RequestError) -> VoteResponse
    let preVote: @Sendable (VoteRequest, Contact) async throws(RequestError) -> VoteResponse
    let snapshot: @Sendable (SnapshotRequest) async throws(RequestError) -> SnapshotResponse
    let transfer:
      @Sendable (TransferRequest, Contact) async throws(RequestError) -> TransferResponse

    init<Machine>(of node: RaftNode<Machine>) {
      self.id = node.id
      self.append = { node.receive($0, reply: $1) }
      self.vote = { (request, contact) async throws(RequestError) in
        try await node.respond(to: request, contact: contact)
      }
      self.preVote = { (request, contact) async throws(RequestError) in
        try await node.respond(toPreVote: request, contact: contact)
      }
      self.snapshot = { (request) async throws(RequestError) in try await node.respond(to: request)
      }
      self.transfer = { (request, contact) async throws(RequestError) in
        try await node.respond(to: request, contact: contact)
      }
    }
  }

  private struct Way: Hashable {
    let from: NodeID
    let to: NodeID
  }

  private struct State {
    /// A few: whoever looks for one goes through them.
    var doors: [Door] = []
    var cut: Set<Way> = []
  }

  private let state = Guarded(State())
  /// Whether any way is cut.
  private let isCut = Atomic<Bool>(false)

  /// A network without nodes.
  public init() {}

  /// Lets a node be reached; in the place of one with the same id.
  public func attach<Machine>(_ node: RaftNode<Machine>) {
    let door = Door(of: node)
    self.state.withLock { state in
      state.doors.removeAll { $0.id == door.id }
      state.doors.append(door)
    }
  }

  /// Makes a node unreachable until it is attached again.
  public func detach(_ id: NodeID) {
    self.state.withLock { state in state.doors.removeAll { $0.id == id } }
  }

  /// Loses everything that one node sends to the other, requests and answers, from now on.
  public func cut(from one: NodeID, to other: NodeID) {
    self.state.withLock { state in
      state.cut.insert(Way(from: one, to: other))
      self.isCut.store(true, ordering: .releasing)
    }
  }

  /// Loses everything between this node and all others, from now on.
  public func isolate(_ id: NodeID) {
    self.state.withLock { state in
      for other in state.doors where other.id != id {
        state.cut.insert(Way(from: id, to: other.id))
        state.cut.insert(Way(from: other.id, to: id))
      }
      self.isCut.store(!state.cut.isEmpty, ordering: .releasing)
    }
  }

  /// Mends all ways.
  public func heal() {
    self.state.withLock { state in
      state.cut = []
      self.isCut.store(false, ordering: .releasing)
    }
  }

  /// How the node with this id reaches the others; the addresses of members do not matter.
  public func transport(for id: NodeID) -> any Transport {
    InProcessTransport(network: self, from: id)
  }

  /// The door of a node, unless the way there is cut.
  func door(of id: NodeID, from: NodeID) throws(TransportError) -> Door {
    guard let door = self.openDoor(of: id, from: from) else { throw Self.unreachable(id) }
    return door
  }

  static func unreachable(_ id: NodeID) -> TransportError {
    .unreachable("node \(id) is cut off or does not run")
  }

  /// The door of a node; `nil` if there is none, or the way there is cut.
  func openDoor(of id: NodeID, from: NodeID) -> Door? {
    self.state.withLock { state -> Door? in
      guard state.cut.isEmpty || !state.cut.contains(Way(from: from, to: id)) else { return nil }
      for place in state.doors.indices where state.doors[place].id == id {
        return state.doors[place]
      }
      return nil
    }
  }

  /// Whether an answer gets back.
  func isOpen(from id: NodeID, to asker: NodeID) -> Bool {
    guard self.isCut.load(ordering: .acquiring) else { return true }
    return self.state.withLock { !$0.cut.contains(Way(from: id, to: asker)) }
  }
}

private struct InProcessTransport: Transport {
  let network: InProcessNetwork
  let from: NodeID

  func connection(to member: Member) -> any PeerConnection {
    InProcessConnection(network: self.network, from: self.from, to: member.id)
  }
}

private struct InProcessConnection: AppendStreaming {
  let network: InProcessNetwork
  let from: NodeID
  let to: NodeID

  func stream(_ request: consuming AppendRequest, reply: consuming AppendReply) {
    guard let door = self.network.openDoor(of: self.to, from: self.from) else {
      reply(.failure(InProcessNetwork.unreachable(self.to)))
      return
    }
    door.append(request) { [reply = consume reply] result in reply(self.answer(result)) }
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<AppendResponse, TransportError>, Never>) in
      self.stream(request, reply: AppendReply { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.ask { (door) async throws(RequestError) in try await door.vote(request, contact)
    }
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.ask { (door) async throws(RequestError) in
      try await door.preVote(request, contact)
    }
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try await self.ask { (door) async throws(RequestError) in try await door.snapshot(request) }
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.ask { (door) async throws(RequestError) in
      try await door.transfer(request, contact)
    }
  }

  /// Asks the peer something that has one answer.
  private func ask<Response>(
    _ question: (InProcessNetwork.Door) async throws(RequestError) -> Response
  ) async throws(TransportError) -> Response {
    let door = try self.network.door(of: self.to, from: self.from)
    let result: Result<Response, RequestError>
    do throws(RequestError) {
      result = .success(try await question(door))
    } catch {
      result = .failure(error)
    }
    return try self.answer(result).get()
  }

  func close() {}

  /// What the asker sees of an answer: nothing, if the way back is cut.
  private func answer<Response>(
    _ result: Result<Response, RequestError>
  ) -> Result<Response, TransportError> {
    guard self.network.isOpen(from: self.to, to: self.from) else {
      return .failure(.connectionLost("the way back from node \(self.to) is cut"))
    }
    return result.mapError { error in
      switch error {
      case .refused(let refusal): .refused(refusal)
      default: .remote(String(describing: error))
      }
    }
  }
}
