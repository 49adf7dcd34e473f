/// Prints what happens, each line with the time since the beginning.
package final class Timeline: Sendable {
  private let start = ContinuousClock.now
  private let progress: ProgressLine
  private let output: @Sendable (String) -> Void

  /// A timeline that begins now.
  package init(
    progress: ProgressLine = ProgressLine(),
    output: @escaping @Sendable (String) -> Void = { Output.write($0) }
  ) {
    self.progress = progress
    self.output = output
  }

  /// Prints a line.
  package func tell(_ text: String) {
    self.progress.clear()
    let seconds = (self.start.duration(to: .now) / .seconds(1)).rounded(to: 1)
    let padding = String(repeating: " ", count: max(0, 6 - seconds.count))
    self.output("\(padding)\(seconds) s  \(text)\n")
  }

  /// Shows how far a long work is.
  package func show(_ text: @autoclosure () -> String) {
    self.progress.show(text())
  }
}
