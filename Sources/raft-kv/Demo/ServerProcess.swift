import Glibc
import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// One server of the demonstration: a process that can be killed and started again.
final class ServerProcess: Sendable {
  private struct State {
    var child: ChildProcess
    var isEndWanted = false
  }

  /// What became of a start.
  private enum Launch {
    case running(ChildProcess)
    /// A port or the folder cannot be used.
    case unusable
  }

  /// Ports that the system gives to nobody who asks for any port.
  private static let ports: Range<UInt16> = 10_000..<30_000
  /// How many pairs of ports are tried.
  private static let portTries = 10
  /// How long a server may take until it answers.
  private static let startTimeout: Duration = .seconds(20)

  /// The server's number.
  let id: NodeID
  /// Where clients reach it; the same after a restart.
  let api: SocketAddress
  /// Where the other servers reach it; the same after a restart.
  let raft: SocketAddress
  private let program: String
  private let folder: String
  private let state: Guarded<State>

  private init(
    id: NodeID, program: String, folder: String, child: ChildProcess, api: SocketAddress,
    raft: SocketAddress
  ) {
    self.id = id
    self.program = program
    self.folder = folder
    self.api = api
    self.raft = raft
    self.state = Guarded(State(child: child))
  }

  /// Starts a server on free ports, with its data and its standard error in a folder.
  static func start(
    _ id: NodeID, program: String, folder: String
  ) async throws(Failure) -> ServerProcess {
    // Not port 0: while the server is down, the system could give its port to somebody else.
    for _ in 0..<Self.portTries {
      let api = SocketAddress.loopback(port: .random(in: Self.ports))
      let raft = SocketAddress.loopback(port: .random(in: Self.ports))
      guard api != raft else { continue }
      switch try await Self.launch(id, program: program, folder: folder, api: api, raft: raft) {
      case .running(let child):
        return ServerProcess(
          id: id, program: program, folder: folder, child: child, api: api, raft: raft)
      case .unusable: continue
      }
    }
    throw Failure(.failed, "node \(id) does not start: \(Self.lastWords(of: id, in: folder))")
  }

  /// The process's number.
  var pid: pid_t { self.child.pid }

  /// Where the server's standard error is kept.
  var errors: String { Self.errors(self.id, in: self.folder) }

  /// How the process ended, if nobody killed it here; `nil` while it runs as it should.
  var failure: String? {
    let (child, isEndWanted) = self.state.withLock { ($0.child, $0.isEndWanted) }
    guard !isEndWanted, let ending = child.ended else { return nil }
    return "node \(self.id) ended by itself: \(ending)"
  }

  /// Ends the process at once, as a power cut would, and waits until it is gone.
  func kill() async {
    let child = self.state.withLock { state in
      state.isEndWanted = true
      return state.child
    }
    child.signal(SIGKILL)
    // Shielded, so that a cancelled caller leaves no process behind.
    _ = await Task { await child.end(within: .seconds(10)) }.value
  }

  /// Asks the process to stop in order.
  func askToStop() {
    let child = self.state.withLock { state in
      state.isEndWanted = true
      return state.child
    }
    child.signal(SIGTERM)
  }

  /// How the process ended; `nil` if it still runs at the limit.
  func end(within limit: Duration) async -> ChildProcess.Ending? {
    await self.child.end(within: limit)
  }

  /// Starts the killed server again, with its data and its addresses.
  func restart() async throws(Failure) {
    let launch = try await Self.launch(
      self.id, program: self.program, folder: self.folder, api: self.api, raft: self.raft)
    guard case .running(let child) = launch else {
      let reason = Self.lastWords(of: self.id, in: self.folder)
      throw Failure(.failed, "node \(self.id) does not start again: \(reason)")
    }
    self.state.withLock { $0 = State(child: child) }
  }

  private var child: ChildProcess { self.state.withLock { $0.child } }

  private static func errors(_ id: NodeID, in folder: String) -> String {
    "\(folder)/node-\(id).log"
  }

  private static func launch(
    _ id: NodeID, program: String, folder: String, api: SocketAddress, raft: SocketAddress
  ) async throws(Failure) -> Launch {
    let arguments = [
      "serve", "--id", "\(id)", "--api-addr", "\(api)", "--raft-addr", "\(raft)",
      "--data", "\(folder)/node-\(id)", "--parent", "\(getpid())",
      // A fail-over takes about a second.
      "--heartbeat-interval", "100", "--election-timeout-min", "500",
      "--election-timeout-max", "900",
    ]
    let child = try await ChildProcess.start(
      program, arguments, standardError: Self.errors(id, in: folder))
    if await child.line(within: Self.startTimeout) != nil { return .running(child) }
    child.signal(SIGKILL)
    let ending = await Task { await child.end(within: .seconds(10)) }.value
    if ending == .exited(ExitCode.unusable.rawValue) { return .unusable }
    throw Failure(
      .failed, "node \(id) does not start: \(Self.lastWords(of: id, in: folder))")
  }

  /// The last line that a server wrote to its standard error.
  private static func lastWords(of id: NodeID, in folder: String) -> String {
    let content = FileContent.bytes(of: Self.errors(id, in: folder)) ?? []
    let line = String(decoding: content, as: UTF8.self).split(separator: "\n").last
    return line.map(String.init) ?? "it says nothing"
  }
}
