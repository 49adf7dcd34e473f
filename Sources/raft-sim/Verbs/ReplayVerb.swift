import RaftCommandLine
import RaftSimulator

/// Runs one seed again and shows what happens.
struct ReplayVerb {
  private let options: ReplayOptions

  init(_ options: ReplayOptions) {
    self.options = options
  }

  func run() -> Int32 {
    if let page = self.options.page { return self.draw(on: page) }
    guard let sink = OutputFile(self.options.trace) else {
      return Self.unwritable(self.options.trace ?? "")
    }
    let report = self.options.scenario.run { record in
      guard self.options.shown.contains(record.step) else { return }
      sink.write(self.options.format == .json ? record.json : "\(record)")
    }
    guard sink.close() else { return Self.unwritable(self.options.trace ?? "standard output") }
    let fingerprint = String(report.fingerprint, radix: 16)
    switch self.options.format {
    case .text: Output.write("\(report.steps) steps, fingerprint \(fingerprint)\n")
    case .json: Output.write(report.json + "\n")
    }
    return Self.status(of: report)
  }

  /// Writes the run, or its last steps, as one web page.
  private func draw(on path: String) -> Int32 {
    let scenario = self.options.scenario
    var recorder = TimelineRecorder(
      title: "Seed \(scenario.seed)", command: "raft-sim replay \(scenario.arguments)")
    let report = scenario.run { record in
      guard self.options.shown.contains(record.step) else { return }
      recorder.record(record)
    }
    let page = ReportPage(recorder.finish(with: report.violation)).html
    guard Output.write(page, toFile: path) else { return Self.unwritable(path) }
    Output.write("\(report.steps) steps; the page is in \(path)\n")
    return Self.status(of: report)
  }

  private static func status(of report: SimulationReport) -> Int32 {
    guard let violation = report.violation else { return 0 }
    Output.complain("\(violation)\n")
    return 1
  }

  private static func unwritable(_ path: String) -> Int32 {
    Output.complain("raft-sim: \(path) cannot be written: check the folder and the disk\n")
    return 1
  }
}
