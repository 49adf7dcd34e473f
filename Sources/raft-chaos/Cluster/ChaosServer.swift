import Glibc
import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// One server: a process of the shipped program, its folder, and the library before it.
final class ChaosServer: Sendable {
  /// Programs and options that all servers have in common.
  struct Launch: Sendable {
    /// The server program.
    let program: String
    /// The library that is loaded before it.
    let library: String
    /// What it is told beside who it is.
    let arguments: [String]
    /// A planted mistake: syncs that do nothing.
    let syncsLie: Bool
  }

  private struct State {
    var child: ChildProcess?
    /// Whether its end was brought about, or may come from a fault.
    var isEndExpected = false
    var isRetired = false
    /// How its processes ended for which nobody was the cause.
    var surprises: [String] = []
    /// Where else it can be let in again.
    var others: [SocketAddress] = []
    var flips: [SealedData.Flip] = []
  }

  private static let startTimeout: Duration = .seconds(30)
  private static let stopTimeout: Duration = .seconds(30)

  let id: NodeID
  let place: NetworkPlace
  /// Everything that belongs to it.
  let folder: String
  let control: FaultControl
  private let launch: Launch
  private let network: any Network
  private let state = Guarded(State())

  init(
    _ id: NodeID, at place: NetworkPlace, in network: any Network, folder: String,
    _ launch: Launch
  ) throws(Failure) {
    self.id = id
    self.place = place
    self.folder = folder
    self.network = network
    self.launch = launch
    guard mkdir(folder, 0o700) == 0 else {
      throw Failure(.unusable, "\(folder) cannot be made: \(systemMessage(errno))")
    }
    self.control = try FaultControl(at: folder + "/faults")
  }

  /// The number by which the network knows it.
  var number: Int { Int(self.id.rawValue) }
  var data: String { self.folder + "/data" }
  private var medium: String { self.folder + "/medium" }
  /// Where its standard error is kept.
  var log: String { self.folder + "/log" }

  // MARK: Its process

  /// Whether the process runs, be it stopped.
  var isRunning: Bool {
    self.state.withLock { $0.child.map { $0.ended == nil } ?? false }
  }

  /// Whether it was taken out of the cluster for good.
  var isRetired: Bool { self.state.withLock { $0.isRetired } }

  /// How its processes ended for which nobody was the cause.
  var surprises: [String] {
    self.state.withLock { state in
      Self.look(&state, self.id)
      return state.surprises
    }
  }

  /// Notes the end of the process if it came by itself, or was a crash; once for each process.
  private static func look(_ state: inout State, _ id: NodeID) {
    guard let ending = state.child?.ended else { return }
    if case .killed(let signal) = ending, signal != SIGKILL {
      state.surprises.append("server \(id) crashed: \(ending)")
    } else if !state.isEndExpected {
      state.surprises.append("server \(id) ended by itself: \(ending)")
    }
    state.child = nil
  }

  /// Starts it, or does nothing if it runs or is retired.
  ///
  /// - Parameter others: API addresses of servers that can let it in again.
  func start(others: [SocketAddress]) async throws(Failure) {
    guard !self.isRunning, !self.isRetired else { return }
    self.control.redirect(self.network.redirections(of: self.number))
    var words = [
      "env", "LD_PRELOAD=\(self.launch.library)", "RAFT_FAULTS_CONTROL=\(self.control.path)",
      "RAFT_FAULTS_DATA=\(self.data)", "RAFT_FAULTS_MEDIUM=\(self.medium)", self.launch.program,
      "serve", "--id", "\(self.id)", "--api-addr", "\(self.place.api)", "--raft-addr",
      "\(self.place.raft)", "--data", self.data, "--flight-recording", self.folder + "/flight",
      "--parent", "\(getpid())",
    ]
    if !others.isEmpty {
      words += ["--rebuild-from", others.map(\.description).joined(separator: ",")]
    }
    words = self.network.command(
      words[0], words.dropFirst() + self.launch.arguments, at: self.number)
    guard let program = SystemTool.path(of: words[0]) else {
      throw Failure(.unusable, "'\(words[0])' is not installed")
    }
    let child = try await ChildProcess.start(
      program, Array(words.dropFirst()), standardError: self.log)
    self.state.withLock { state in
      Self.look(&state, self.id)
      state.child = child
      state.isEndExpected = false
    }
    guard await child.line(within: Self.startTimeout) != nil || self.state.withLock(\.isEndExpected)
    else {
      throw Failure(.failed, "server \(self.id) does not start: \(self.lastWords)")
    }
  }

  /// Ends the process at once, and waits until it is gone.
  func kill() async {
    let child = self.expectEnd()
    child?.signal(SIGKILL)
    // Shielded, so that a cancelled caller leaves no process behind.
    _ = await Task { await child?.end(within: Self.stopTimeout) }.value
  }

  /// Lets the process stand still, or go on.
  func signal(_ number: Int32) {
    self.state.withLock { $0.child }?.signal(number)
  }

  /// Asks the process to end in order.
  ///
  /// - Throws: ``Failure`` if it does not, or not in order.
  func stop() async throws(Failure) {
    let child = self.expectEnd()
    guard let child, child.ended == nil else { return }
    child.signal(SIGTERM)
    guard let ending = await child.end(within: Self.stopTimeout) else {
      if Task.isCancelled { throw Failure(.interrupted, "interrupted") }
      throw Failure(.failed, "server \(self.id) does not end when asked to")
    }
    guard ending == .exited(0) else {
      throw Failure(.failed, "server \(self.id) did not end in order: \(ending)")
    }
  }

  /// From now on its end is no surprise, until it is started again.
  @discardableResult
  func expectEnd() -> ChildProcess? {
    self.state.withLock { state in
      Self.look(&state, self.id)
      state.isEndExpected = true
      return state.child
    }
  }

  /// Waits for the end of the process; whether it came within the limit.
  func hasEnded(within limit: Duration) async -> Bool {
    guard let child = self.state.withLock({ $0.child }) else { return true }
    return await child.end(within: limit) != nil
  }

  /// Ends it for good: it is no member any more.
  func retire() async {
    self.state.withLock { $0.isRetired = true }
    await self.kill()
    await self.network.remove(self.number)
  }

  // MARK: Its disk

  /// From now on its syncs do nothing, if that mistake was planted.
  func beginToLie() {
    self.control[.lyingSyncs] = self.launch.syncsLie ? 1 : 0
  }

  /// Does to the files of the ended server what a power cut would have done; returns how many bytes
  /// were lost.
  func cutPower<Chance: RandomNumberGenerator>(_ chance: inout Chance) throws(Failure) -> Int {
    precondition(!self.isRunning, "server \(self.id) runs without power")
    return try PowerCut(data: self.data, medium: self.medium, isTotal: self.launch.syncsLie)
      .strike(&chance)
  }

  /// The bytes that were flipped.
  var flips: [SealedData.Flip] { self.state.withLock { $0.flips } }

  /// Notes that a byte was flipped.
  func note(_ flip: SealedData.Flip) {
    self.state.withLock { $0.flips.append(flip) }
  }

  /// Whether its data was put aside, and it is not back in the cluster yet.
  var isBeingRebuilt: Bool { access(self.data + ".rebuilding", F_OK) == 0 }

  /// How often its data was put aside.
  var rebuildCount: Int {
    var count = 0
    while access("\(self.data).damaged-\(count + 1)", F_OK) == 0 { count += 1 }
    return count
  }

  /// What it said of damage.
  var wordsOnDamage: [String] {
    self.words.filter { $0.contains(": damage: ") }.map(String.init)
  }

  // MARK: Its words

  private var words: [Substring] {
    String(decoding: FileContent.bytes(of: self.log) ?? [], as: UTF8.self).split(separator: "\n")
  }

  /// What it wrote to its standard error last.
  var lastWords: String {
    let lines = self.words.suffix(8)
    return lines.isEmpty ? "it said nothing" : lines.joined(separator: "\n    ")
  }
}
