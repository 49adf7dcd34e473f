import Glibc
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// Where rounds are played: a network, the programs, a folder; and what is tidied up afterwards.
struct Stage: Sendable {
  /// What all servers are told: short timeouts, and files so small that much of the log is sealed.
  private static let serverArguments = [
    "--store", "file", "--heartbeat-interval", "100", "--election-timeout-min", "500",
    "--election-timeout-max", "900", "--snapshot-after", "400", "--entries-kept", "200",
    "--purge-batch", "50", "--segment-size", "16384", "--scrub-rate", "2m",
    "--flight-records", "8192", "--invariant-checks", "always",
  ]

  let options: ChaosOptions
  let timeline: Timeline
  private let launch: ChaosServer.Launch
  private let folder: TemporaryFolder

  /// Finds the programs, and makes the folder.
  init(_ options: ChaosOptions) throws(Failure) {
    self.options = options
    // For programs, standard output has the report alone.
    self.timeline = Timeline(
      output: { text in
        if options.format == .text { Output.write(text) } else { Output.complain(text) }
      })
    self.launch = try Self.launch(options)
    if let folder = options.folder {
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
        throw Failure(.unusable, "\(folder) cannot be made: \(systemMessage(errno))")
      }
      guard let path = realpath(folder, nil) else {
        throw Failure(.unusable, "\(folder) cannot be found: \(systemMessage(errno))")
      }
      self.folder = TemporaryFolder(existing: String(cString: path))
      free(path)
    } else {
      self.folder = try TemporaryFolder(prefix: "raft-chaos-")
    }
  }

  private static func launch(_ options: ChaosOptions) throws(Failure) -> ChaosServer.Launch {
    let own = try OwnProgram.path()
    let beside = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let server = options.server ?? beside + "/raft-kv"
    guard access(server, X_OK) == 0 else {
      throw Failure(
        .unusable,
        "no server program at \(server): build it with 'swift build', or name it with "
          + "--server PATH")
    }
    let library = beside + "/libraft-faults.so"
    guard access(library, R_OK) == 0 else {
      throw Failure(
        .unusable, "\(library) is missing: build it with 'swift build --product raft-faults'")
    }
    return ChaosServer.Launch(
      program: server, library: library, arguments: Self.serverArguments,
      syncsLie: options.syncsLie)
  }

  /// The network that is wanted; starts this program again where that is needed for it.
  func network() async throws(Failure) -> any Network {
    if OwnNamespace.isInside { return try await NamespaceNetwork() }
    guard self.options.network != .relays else { return try ProxyNetwork() }
    guard let entrance = await OwnNamespace.entrance() else {
      guard self.options.network == .auto else {
        throw Failure(
          .unusable, "the system gives no network namespaces, or ip, unshare or nsenter is missing")
      }
      return try ProxyNetwork()
    }
    if self.options.folder == nil { self.folder.remove() }
    try OwnNamespace.enter(entrance, Array(CommandLine.arguments.dropFirst()))
    preconditionFailure("this program is another one now")
  }

  /// Plays rounds one after the other, and reports.
  ///
  /// - Parameters:
  ///   - seeds: A seed for each round.
  ///   - stop: Kept when the rounds shall end before.
  ///   - play: Plays one round with a cluster of its own in a folder.
  func play(
    _ seeds: [UInt64], until stop: Promise<ExitCode>,
    _ play: @escaping @Sendable (ChaosCluster, UInt64, String) async throws(Failure) -> Tally
  ) async throws(Failure) -> Report {
    let network = try await self.network()
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "raft-chaos")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    var total = Tally()
    var ending = Ending.finished
    for seed in seeds {
      ending = await self.round(seed, in: network, on: loop, until: stop, &total, play)
      guard case .finished = ending else { break }
    }
    await network.close()
    await loop.shutdown()
    if total.findings.isEmpty, !self.options.isKept, self.options.folder == nil {
      self.folder.remove()
    }
    switch ending {
    case .failed(let failure): throw failure
    case .stopped(let code): return self.report(total, network, code)
    case .finished:
      return self.report(total, network, total.findings.isEmpty ? .done : .failed)
    }
  }

  private func report(_ total: Tally, _ network: any Network, _ code: ExitCode) -> Report {
    let isKept = !total.findings.isEmpty || self.options.isKept
    let report = TallyReport(
      tally: total, network: network.explanation, kept: isKept ? self.folder.path : nil)
    return Report(output: self.options.format == .json ? report.json : report.text, code: code)
  }

  private enum Ending: Sendable {
    case finished
    case failed(Failure)
    case stopped(ExitCode)
  }

  private enum Outcome: Sendable {
    case played(Result<Tally, Failure>)
    case stopped(ExitCode)
  }

  private func round(
    _ seed: UInt64, in network: any Network, on loop: EventLoop, until stop: Promise<ExitCode>,
    _ total: inout Tally,
    _ play: @escaping @Sendable (ChaosCluster, UInt64, String) async throws(Failure) -> Tally
  ) async -> Ending {
    let place = TemporaryFolder(existing: "\(self.folder.path)/round-\(seed)")
    guard mkdir(place.path, 0o700) == 0 else {
      return .failed(
        Failure(.unusable, "\(place.path) cannot be made: \(systemMessage(errno))"))
    }
    self.timeline.tell("round with seed \(seed)")
    let http = HTTPClient(
      on: loop, HTTPClient.Configuration(connectionsPerServer: 64, idlePerServer: 64))
    let cluster = ChaosCluster(
      in: network, client: ServerClient(http: http), folder: place.path, self.launch)
    let outcome = await Self.first(cluster, seed, place.path, stop, play)
    await cluster.killAll()
    for server in cluster.servers { await server.retire() }
    try? await network.cut([])
    await http.close()
    switch outcome {
    case .stopped(let code):
      self.timeline.tell("interrupted: all servers are ended")
      return .stopped(code)
    case .played(.failure(let failure)):
      let words = cluster.everyone.map { "\nserver \($0.id): \($0.lastWords)" }.joined()
      return .failed(
        Failure(
          failure.code,
          "the round with seed \(seed) could not be played: \(failure)\(words)\n"
            + "what there is is kept in \(place.path)"))
    case .played(.success(let tally)):
      total.add(tally)
      for finding in tally.findings { self.timeline.tell("FOUND: \(finding.what)") }
      if tally.findings.isEmpty, !self.options.isKept {
        place.remove()
      } else {
        let report = TallyReport(
          tally: tally, network: network.explanation, kept: place.path)
        _ = Output.write(report.text, toFile: place.path + "/report")
      }
      return .finished
    }
  }

  private static func first(
    _ cluster: ChaosCluster, _ seed: UInt64, _ folder: String, _ stop: Promise<ExitCode>,
    _ play: @escaping @Sendable (ChaosCluster, UInt64, String) async throws(Failure) -> Tally
  ) async -> Outcome {
    await withTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        do throws(Failure) {
          return .played(.success(try await play(cluster, seed, folder)))
        } catch {
          return .played(.failure(error))
        }
      }
      group.addTask { await stop.value().map { .stopped($0) } }
      let first = await group.next() ?? nil
      group.cancelAll()
      guard let first else { preconditionFailure("neither the end nor a wish to stop came") }
      return first
    }
  }
}
