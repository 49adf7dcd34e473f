import RaftCommandLine
import RaftHTTP

/// The verb that shows a fleet lose servers and no reading.
struct DemoVerb {
  let options: DemoOptions

  /// Plays the demonstration; whatever happens, no process is left, and no folder unless wanted.
  func play(until stop: Promise<ExitCode>) async throws(Failure) -> Report {
    let timeline = Timeline()
    let source: ReadingSource
    if let csv = self.options.csv {
      source = try ReadingSource(csv: csv, batch: 100, timeline: timeline)
    } else {
      source = ReadingSource(seed: self.options.seed, devices: 200, batch: 20)
    }
    return try await RigStage(prefix: "sensor-fleet-demo-", isDataKept: self.options.isDataKept)
      .play(timeline, until: stop) { rig throws(Failure) in
        try await FleetDemo(rig: rig, source: source).play()
        timeline.tell("no acknowledged reading was lost")
        return Report()
      }
  }
}
