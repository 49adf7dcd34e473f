/// One call of `read`, which its task may take back before or while it waits.
final class ReadWish {
  var isCancelled = false
}

/// The handler behind an `AsyncConnection`: keeps what arrived, and who waits.
final class AsyncBridge: ConnectionHandler {
  typealias Read = Result<[UInt8]?, SocketError>
  typealias Written = Result<Void, SocketError>

  let connection: Connection
  private var arrived: [UInt8] = []
  private var reader: (continuation: CheckedContinuation<Read, Never>, wish: ReadWish)?
  private var writer: (bytes: [UInt8], continuation: CheckedContinuation<Written, Never>)?
  private var end: SocketError?

  /// Beyond this, arriving bytes are left to the network until somebody reads.
  private static let mostUnread = 256 << 10

  init(_ connection: Connection) {
    self.connection = connection
  }

  func takeOver() {
    self.connection.handler = self
  }

  // MARK: From the owner, on the loop

  func read(_ wish: ReadWish, _ continuation: CheckedContinuation<Read, Never>) {
    precondition(self.reader == nil, "two tasks read from \(self.connection.peer) at once")
    if wish.isCancelled {
      continuation.resume(returning: .failure(.cancelled))
    } else if !self.arrived.isEmpty {
      continuation.resume(returning: .success(self.takeArrived()))
    } else if self.connection.hasReachedEnd {
      continuation.resume(returning: .success(nil))
    } else if let end = self.end {
      continuation.resume(returning: .failure(end))
    } else {
      self.reader = (continuation, wish)
    }
  }

  func cancel(_ wish: ReadWish) {
    wish.isCancelled = true
    guard let reader = self.reader, reader.wish === wish else { return }
    self.answerReader(.failure(.cancelled))
  }

  private func answerReader(_ answer: Read) {
    guard let reader = self.reader else { return }
    self.reader = nil
    reader.continuation.resume(returning: answer)
  }

  func write(_ bytes: [UInt8], _ continuation: CheckedContinuation<Written, Never>) {
    precondition(self.writer == nil, "two tasks write to \(self.connection.peer) at once")
    if let end = self.end { return continuation.resume(returning: .failure(end)) }
    guard self.connection.writing == .open else {
      return continuation.resume(returning: .failure(.closed))
    }
    if self.connection.write(bytes) == .refused {
      self.writer = (bytes, continuation)
    } else {
      continuation.resume(returning: .success(()))
    }
  }

  private func takeArrived() -> [UInt8] {
    defer {
      self.arrived = []
      self.connection.resumeReading()
    }
    return self.arrived
  }

  // MARK: From the connection

  func connection(_ connection: Connection, didReceive bytes: RawSpan) {
    bytes.withUnsafeBytes { self.arrived.append(contentsOf: $0) }
    if self.reader != nil {
      self.answerReader(.success(self.takeArrived()))
    } else if self.arrived.count >= AsyncBridge.mostUnread {
      connection.pauseReading()
    }
  }

  func connectionDidReachEnd(_ connection: Connection) {
    self.answerReader(.success(nil))
  }

  func connectionHasRoom(_ connection: Connection) {
    guard let writer = self.writer else { return }
    self.writer = nil
    self.write(writer.bytes, writer.continuation)
  }

  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {
    self.end = reason.error
    self.answerReader(.failure(reason.error))
    if let writer = self.writer {
      self.writer = nil
      writer.continuation.resume(returning: .failure(reason.error))
    }
  }
}
