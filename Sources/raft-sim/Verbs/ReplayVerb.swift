import RaftSimulator

/// Runs one seed again and prints what happens.
struct ReplayVerb {
  private let options: ReplayOptions

  init(_ options: ReplayOptions) {
    self.options = options
  }

  func run() -> Int32 {
    LastScenario.note(self.options.scenario)
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
}
