import RaftCommandLine

/// The verb that plays rounds of storms.
struct RunVerb: Sendable {
  let options: RunOptions

  /// Plays all rounds, also after findings.
  func play(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let stage = try Stage(self.options.shared)
    let first = self.options.shared.seed
    let seeds = (0..<UInt64(self.options.rounds)).map { first + $0 }
    let (options, timeline) = (self.options, stage.timeline)
    return try await stage.play(seeds, until: stop) { cluster, seed, folder throws(Failure) in
      try await Round(
        cluster: cluster, seed: seed, kinds: options.kinds, duration: options.duration,
        timeline: timeline, folder: folder
      ).play()
    }
  }
}
