import Raft
import RaftCommandLine
import RaftConcurrency
import RaftFiles

/// The verb that damages one server's sealed data, one bit after the other.
struct FlipsVerb: Sendable {
  let options: FlipsOptions

  /// Plays one round with as many flips as wanted.
  func play(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let stage = try Stage(self.options.shared)
    let (count, timeline) = (self.options.count, stage.timeline)
    return try await stage.play([self.options.shared.seed], until: stop) {
      cluster, seed, folder throws(Failure) in
      try await FlipRound(
        cluster: cluster, seed: seed, count: count, timeline: timeline, folder: folder
      ).play()
    }
  }
}
