import RaftSockets
import TestPace
import Testing

/// Runs `body` with a loop and shuts the loop down after it.
func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
  let loop = try EventLoop.start(named: "test-loop")
  do {
    try await body(loop)
  } catch {
    await loop.shutdown()
    throw error
  }
  await loop.shutdown()
}

/// Sends back what arrives, and the end after it.
@Sendable func serveEcho(_ connection: Connection) {
  let connection = AsyncConnection(connection)
  Task {
    while let bytes = try await connection.read() { try await connection.write(bytes) }
    await connection.finishWriting()
  }
}

func echoServer(on loop: EventLoop) async throws(SocketError) -> Listener {
  try await Listener.bind(to: .loopback(port: 0), on: loop, accepting: serveEcho)
}

func connect(
  to address: SocketAddress, on loop: EventLoop
) async throws(SocketError) -> AsyncConnection {
  try await AsyncConnection.connect(to: address, on: loop, within: .seconds(10).patient)
}

func readAll(_ connection: AsyncConnection) async throws(SocketError) -> [UInt8] {
  var all: [UInt8] = []
  while let bytes = try await connection.read() { all += bytes }
  return all
}

/// Takes everything and does nothing with it.
final class SilentHandler: ConnectionHandler {
  func connection(_ connection: Connection, didReceive bytes: RawSpan) {}
  func connectionDidReachEnd(_ connection: Connection) {}
  func connectionHasRoom(_ connection: Connection) {}
  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {}
}

/// Closes at the first byte.
final class CloseOnReceive: ConnectionHandler {
  func connection(_ connection: Connection, didReceive bytes: RawSpan) { connection.close() }
  func connectionDidReachEnd(_ connection: Connection) {}
  func connectionHasRoom(_ connection: Connection) {}
  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {}
}

/// Writes until its connection is full, and counts how often it hears of room.
final class RoomHandler: ConnectionHandler {
  private(set) var taken = 0
  private(set) var timesRoomed = 0

  func fill(_ connection: Connection) {
    connection.handler = self
    let block = [UInt8](repeating: 5, count: 100_000)
    while connection.write(block) == .taken { self.taken += block.count }
    self.taken += block.count
    precondition(connection.write(block) == .refused, "a full connection took bytes")
  }

  func connectionHasRoom(_ connection: Connection) { self.timesRoomed += 1 }
  func connection(_ connection: Connection, didReceive bytes: RawSpan) {}
  func connectionDidReachEnd(_ connection: Connection) {}
  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {}
}

extension LoopConfined {
  /// Reads something of the value on its loop.
  func onLoop<Result: Sendable>(
    _ loop: EventLoop, _ read: @escaping @Sendable (Value) -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      loop.post { continuation.resume(returning: read(self.onLoop)) }
    }
  }
}
