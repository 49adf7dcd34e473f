import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftJSON
import SensorFleetModel

/// One server of a demonstration: a process that can be killed, stopped and started again.
final class FleetProcess: Sendable {
  private struct State {
    var child: ChildProcess
    var isEndWanted = false
  }

  /// Ports that the system gives to nobody who asks for any port.
  private static let ports: Range<UInt16> = 10_000..<30_000
  private static let portTries = 10
  private static let startTimeout: Duration = .seconds(20)

  /// The server's number.
  let id: ServerID
  /// Where it is reached; the same after a restart.
  let api: SocketAddress
  private let raft: SocketAddress
  private let program: String
  private let folder: String
  private let arguments: [String]
  private let state: Guarded<State>

  private init(
    _ id: ServerID, _ child: ChildProcess, api: SocketAddress, raft: SocketAddress,
    _ arguments: [String], program: String, folder: String
  ) {
    self.arguments = arguments
    self.id = id
    self.api = api
    self.raft = raft
    self.program = program
    self.folder = folder
    self.state = Guarded(State(child: child))
  }

  /// Starts a server on free ports.
  ///
  /// - Parameters:
  ///   - id: Its number.
  ///   - peer: A server of the cluster that it joins; `nil` if it founds one.
  ///   - arguments: What else it is told, also when it starts again.
  ///   - program: The path of this program.
  ///   - folder: Where it keeps its data and its standard error.
  static func start(
    _ id: ServerID, joining peer: SocketAddress?, _ arguments: [String], program: String,
    folder: String
  ) async throws(Failure) -> FleetProcess {
    for _ in 0..<Self.portTries {
      let api = SocketAddress.loopback(port: .random(in: Self.ports))
      let raft = SocketAddress.loopback(port: .random(in: Self.ports))
      let entrance = peer.map { ["--join", "\($0)"] } ?? ["--found"]
      guard api != raft,
        let child = try await Self.launch(
          id, api: api, raft: raft, entrance + arguments, program: program, folder: folder)
      else { continue }
      return FleetProcess(
        id, child, api: api, raft: raft, arguments, program: program, folder: folder)
    }
    throw Failure(.failed, "server \(id) finds no free port")
  }

  private static func launch(
    _ id: ServerID, api: SocketAddress, raft: SocketAddress, _ more: [String], program: String,
    folder: String
  ) async throws(Failure) -> ChildProcess? {
    let errors = "\(folder)/server-\(id).log"
    let child = try await ChildProcess.start(
      program,
      [
        "serve", "--id", "\(id)", "--api-addr", "\(api)", "--raft-addr", "\(raft)",
        "--data", "\(folder)/server-\(id)", "--parent", "\(getpid())",
      ] + more, standardError: errors)
    if await child.line(within: Self.startTimeout) != nil { return child }
    child.signal(SIGKILL)
    let ending = await Task { await child.end(within: .seconds(10)) }.value
    if ending == .exited(ExitCode.unusable.rawValue) { return nil }
    throw Failure(.failed, "server \(id) does not start: \(Self.lastWords(in: errors))")
  }

  /// The process's number.
  var pid: pid_t { self.child.pid }

  private var child: ChildProcess { self.state.withLock { $0.child } }

  /// How the process ended, if nobody ended it here; `nil` while it runs as it should.
  var failure: String? {
    let (child, isEndWanted) = self.state.withLock { ($0.child, $0.isEndWanted) }
    guard !isEndWanted, let ending = child.ended else { return nil }
    return "server \(self.id) ended by itself: \(ending)"
  }

  /// Whether somebody ended it.
  var isEnded: Bool { self.state.withLock { $0.isEndWanted } }

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

  /// Lets the process stand still, or go on.
  func signal(_ number: Int32) {
    self.child.signal(number)
  }

  /// Asks the process to end in order, and waits for it.
  func stop() async throws(Failure) {
    let child = self.state.withLock { state in
      state.isEndWanted = true
      return state.child
    }
    child.signal(SIGTERM)
    guard let ending = await child.end(within: .seconds(15)) else {
      throw Failure(.failed, "server \(self.id) does not stop when asked to")
    }
    guard ending == .exited(0) else {
      throw Failure(.failed, "server \(self.id) did not stop in order: \(ending)")
    }
  }

  /// Starts the ended server again, with its data and its addresses.
  func restart() async throws(Failure) {
    guard
      let child = try await Self.launch(
        self.id, api: self.api, raft: self.raft, self.arguments, program: self.program,
        folder: self.folder)
    else { throw Failure(.failed, "server \(self.id) does not get its ports again") }
    self.state.withLock { $0 = State(child: child) }
  }

  /// What the server wrote to its standard error last.
  var lastWords: String {
    let words = Self.lastWords(in: "\(self.folder)/server-\(self.id).log")
    let ending = self.failure.map { ", \($0)" } ?? ""
    return "server \(self.id) (process \(self.pid)\(ending)) wrote:\n\(words)\n"
  }

  private static func lastWords(in path: String) -> String {
    let content = FileContent.bytes(of: path) ?? []
    let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").suffix(12)
    return lines.isEmpty ? "  (nothing)" : lines.map { "  \($0)" }.joined(separator: "\n")
  }
}
