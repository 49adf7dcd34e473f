import RaftHTTP
import RaftSockets
import Synchronization
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

/// A door that tasks wait at until it is opened.
actor Gate {
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  func pass() async {
    guard !self.isOpen else { return }
    await withCheckedContinuation { continuation in
      self.waiting.append(continuation)
      let count = self.waiting.count
      for watcher in self.watchers where watcher.count <= count { watcher.continuation.resume() }
      self.watchers.removeAll { $0.count <= count }
    }
  }

  /// Returns when so many tasks wait.
  func isReached(by count: Int = 1) async {
    guard self.waiting.count < count else { return }
    await withCheckedContinuation { self.watchers.append((count, $0)) }
  }

  func open() {
    self.isOpen = true
    for continuation in self.waiting { continuation.resume() }
    self.waiting = []
  }
}

/// A server whose connections each play one script; the last script serves all further ones.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (AsyncConnection) async throws -> Void

  let accepts = Atomic(0)
  private let listening = Atomic(UInt16(0))

  var address: SocketAddress { .loopback(port: self.listening.load(ordering: .relaxed)) }

  init(on loop: EventLoop, _ scripts: Script...) async throws {
    let listener = try await Listener.bind(to: .loopback(port: 0), on: loop) { connection in
      let connection = AsyncConnection(connection)
      let number = self.accepts.add(1, ordering: .relaxed).oldValue
      let script = scripts[min(number, scripts.count - 1)]
      Task { try await script(connection) }
    }
    self.listening.store(listener.address.port, ordering: .relaxed)
  }

  var acceptCount: Int { self.accepts.load(ordering: .relaxed) }
}

extension AsyncConnection {
  /// Reads one request to its end.
  func readRequest() async throws -> RequestHead {
    var parser = RequestParser(limits: .replication)
    var head: RequestHead?
    while let bytes = try await self.read() {
      let isComplete = try bytes.withUnsafeBytes { input in
        var offset = 0
        while let event = try parser.next(in: input, at: &offset) {
          if case .head(let read) = event { head = read }
          if case .end = event { return true }
        }
        return false
      }
      if isComplete, let head { return head }
    }
    throw SocketError.closed
  }

  func write(_ text: String) async throws(SocketError) {
    try await self.write(Array(text.utf8))
  }

  /// Everything until the end, as text without Date fields.
  func readToEnd() async throws -> String {
    var all: [UInt8] = []
    while let bytes = try await self.read() { all += bytes }
    let text = String(decoding: all, as: UTF8.self)
    return text.split(separator: "\r\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
  }
}

func connect(to address: SocketAddress, on loop: EventLoop) async throws -> AsyncConnection {
  try await AsyncConnection.connect(to: address, on: loop, within: .seconds(60).patient)
}

/// Sends bytes, then the end, and returns all that comes back, without Date fields.
func rawExchange(
  _ text: String, with address: SocketAddress, on loop: EventLoop
) async throws -> String {
  let connection = try await connect(to: address, on: loop)
  try await connection.write(text)
  return try await connection.readToEnd()
}

extension HTTPClient {
  func post(_ text: String, to address: SocketAddress) async throws -> String {
    let request = HTTPRequest(.post, "/", body: Array(text.utf8))
    return try await self.send(request, to: address, within: .seconds(60).patient).text
  }
}
