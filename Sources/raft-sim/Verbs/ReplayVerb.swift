import RaftSimulator

/// Runs one seed again and prints what happens.
struct ReplayVerb {
  private let options: ReplayOptions

  init(_ options: ReplayOptions) {
    self.options = options
  }

  func run() -> Int32 {
    LastScenario.note(self.options.scenario)
    if let page = self.options.page { return self.draw(on: page) }
    var text = ""
    let report = Simulation(self.options.scenario).run { record in
      guard self.options.shown.contains(record.step) else { return }
      text += "\(record)\n"
      if text.utf8.count > 1 << 16 {
        Output.write(text)
        text = ""
      }
    }
    Output.write(text)
    let fingerprint = String(report.fingerprint, radix: 16)
    Output.write("\(report.steps) steps, fingerprint \(fingerprint)\n")
    guard let violation = report.violation else { return 0 }
    Output.complain("\(violation)\n")
    return 1
  }

  /// Writes the run, or its last steps, as one web page.
  private func draw(on path: String) -> Int32 {
    let scenario = self.options.scenario
    var recorder = TimelineRecorder(
      title: "Seed \(scenario.seed)", command: "raft-sim replay \(scenario.arguments)")
    let report = Simulation(scenario).run { record in
      guard self.options.shown.contains(record.step) else { return }
      recorder.record(record)
    }
    let page = ReportPage(recorder.finish(with: report.violation)).html
    guard Output.write(page, toFile: path) else {
      Output.complain("raft-sim: \(path) cannot be written: check the folder and the disk\n")
      return 1
    }
    Output.write("\(report.steps) steps; the page is in \(path)\n")
    guard let violation = report.violation else { return 0 }
    Output.complain("\(violation)\n")
    return 1
  }
}
