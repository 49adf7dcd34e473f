internal import Raft

/// How long pieces of a snapshot are waited for.
struct PiecePatience {
  /// For how long a piece is sent again that gets no answer.
  ///
  /// As long as a receiver keeps the beginning of a snapshot, unless it is configured otherwise.
  var resumption = Duration.seconds(10)
  /// The time limit of a piece, but for the last: it is answered when all is installed.
  var piece = Duration.seconds(5)
  /// The pause before a piece is sent again.
  var pause = Duration.milliseconds(200)
}

extension HTTPPeerConnection {
  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    let deadline = ContinuousClock.now + limit
    switch self.sending {
    case .pieces(let bytesMax) where request.snapshot.byteCount > 0:
      // A body says in some words what its bytes are.
      let bytesMax = max(1, min(bytesMax, self.bodyBytesMax / 2))
      return try await self.sendPieces(of: request, bytesMax, deadline)
    case .pieces, .whole:
      return try await self.sendWhole(request, deadline)
    }
  }

  // MARK: In pieces

  private func sendPieces(
    of request: SnapshotRequest, _ bytesMax: Int, _ deadline: ContinuousClock.Instant
  ) async throws(TransportError) -> SnapshotResponse {
    var content = SnapshotContent(request.content)
    while true {
      let offset = content.offset
      let piece = PieceBody(
        vote: request.vote, snapshot: request.snapshot, offset: offset,
        content: try await content.next(byteCount: bytesMax))
      guard !piece.content.isEmpty, piece.end <= request.snapshot.byteCount else {
        throw .remote(
          "the snapshot has not the \(request.snapshot.byteCount) bytes on this side that it says")
      }
      try await self.pace.wait(for: piece.content.count, until: deadline)
      switch try await self.deliver(piece, request.contact, deadline) {
      case .done(let response):
        return response
      case .awaiting(let awaited) where awaited >= piece.end:
        // Much may be there already, from an earlier attempt.
        try await content.skip(to: awaited)
      case .awaiting(let awaited):
        throw .remote(
          "the peer has lost what it had received of the snapshot: it waits for byte \(awaited), "
            + "not for \(offset)")
      }
    }
  }

  /// Sends one piece until it is answered.
  private func deliver(
    _ piece: PieceBody, _ contact: Contact, _ deadline: ContinuousClock.Instant
  ) async throws(TransportError) -> PieceAnswer {
    let clock = ContinuousClock()
    let end = min(deadline, clock.now + self.patience.resumption)
    let body = piece.bytes()
    while true {
      let limit = clock.now.duration(to: deadline)
      do throws(TransportError) {
        let reply = try await self.send(
          body, on: .snapshotPiece, contact,
          within: piece.isLast ? limit : min(limit, self.patience.piece))
        return try reply.content(as: PieceAnswer.self)
      } catch {
        guard error.isPassing, !self.isClosed, !Task.isCancelled,
          clock.now + self.patience.pause < end
        else { throw error }
        try? await clock.sleep(for: self.patience.pause)
      }
    }
  }

  // MARK: As a whole

  private func sendWhole(
    _ request: SnapshotRequest, _ deadline: ContinuousClock.Instant
  ) async throws(TransportError) -> SnapshotResponse {
    var content = SnapshotContent(request.content)
    // Each byte takes a digit and a comma at least.
    let bytesMax = self.bodyBytesMax / 2
    let bytes = try await content.next(byteCount: bytesMax + 1)
    guard bytes.count <= bytesMax else {
      throw .tooLarge("a snapshot of \(request.snapshot.byteCount) bytes", limit: self.bodyBytesMax)
    }
    let body = SnapshotBody(vote: request.vote, snapshot: request.snapshot, content: bytes)
    let reply = try await self.send(
      body.jsonBytes(), on: .snapshot, request.contact,
      within: ContinuousClock.now.duration(to: deadline))
    return try reply.content(as: SnapshotResponse.self)
  }
}

extension TransportError {
  /// Whether the same message may get through in a moment.
  fileprivate var isPassing: Bool {
    switch self {
    case .unreachable, .connectionLost, .timedOut: true
    case .refused, .remote, .tooLarge, .unsupported, .malformed: false
    }
  }
}
