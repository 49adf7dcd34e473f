import Glibc

/// How far the runs are: a line that is written over on a terminal, a line now and then elsewhere.
struct ProgressLine {
  private let count: UInt64
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var last = ContinuousClock.now
  private var isShown = false

  init(seeds: ClosedRange<UInt64>) {
    let (count, isTooMany) = (seeds.upperBound - seeds.lowerBound).addingReportingOverflow(1)
    self.count = isTooMany ? .max : count
  }

  /// Shows the line if the last one is old enough.
  mutating func show(_ tally: Tally) {
    let pause: Duration = self.isTerminal ? .milliseconds(200) : .seconds(10)
    guard self.last.duration(to: .now) > pause else { return }
    self.last = .now
    let text = "\(tally.runCount) of \(self.count) runs, \(tally.speed) steps/s"
    Output.complain(self.isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
    self.isShown = true
  }

  /// Takes the line off the terminal.
  mutating func clear() {
    guard self.isShown, self.isTerminal else { return }
    Output.complain("\r\u{1B}[K")
    self.isShown = false
  }
}
