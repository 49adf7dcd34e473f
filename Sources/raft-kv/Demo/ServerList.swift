import Glibc
import Raft
import RaftCommandLine
import RaftConcurrency

/// The processes of the demonstration; whatever happens, they end with it.
final class ServerList: Sendable {
  private let servers = Guarded<[ServerProcess]>([])

  /// Adds a server.
  func add(_ server: ServerProcess) {
    self.servers.withLock { $0.append(server) }
  }

  /// All servers, in the order in which they were added.
  var all: [ServerProcess] { self.servers.withLock { $0 } }

  /// The server with this number.
  func server(_ id: NodeID) -> ServerProcess? {
    self.all.first { $0.id == id }
  }

  /// Ends all processes at once.
  func killAll() async {
    await withTaskGroup { group in
      for server in self.all { group.addTask { await server.kill() } }
    }
  }

  /// Asks all processes to end; ends those by force that take too long.
  func stopAll() async throws(Failure) {
    for server in self.all { server.askToStop() }
    for server in self.all {
      guard let ending = await server.end(within: .seconds(5)) else {
        throw Failure(.failed, "node \(server.id) does not stop when asked to")
      }
      guard ending == .exited(0) else {
        throw Failure(.failed, "node \(server.id) did not stop in order: \(ending)")
      }
    }
  }

  /// What the servers wrote to their standard error last.
  var lastWords: String {
    self.all.map { server in
      let content = FileContent.bytes(of: server.errors) ?? []
      let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").suffix(12)
      let body = lines.isEmpty ? "  (nothing)" : lines.map { "  \($0)" }.joined(separator: "\n")
      let ending = server.failure.map { ", \($0)" } ?? ""
      return "node \(server.id) (process \(server.pid)\(ending)) wrote:\n\(body)\n"
    }.joined()
  }
}
