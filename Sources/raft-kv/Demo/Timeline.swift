import Synchronization

/// Prints what happens, each line with the time since the beginning.
final class Timeline: Sendable {
  private let start = ContinuousClock.now
  private let progress: ProgressLine
  private let output: @Sendable (String) -> Void

  /// A timeline that begins now.
  init(
    progress: ProgressLine = ProgressLine(),
    output: @escaping @Sendable (String) -> Void = { Console.print($0) }
  ) {
    self.progress = progress
    self.output = output
  }

  /// Prints a line.
  func tell(_ text: String) {
    self.progress.clear()
    let seconds = (self.start.duration(to: .now) / .seconds(1)).rounded(to: 1)
    let padding = String(repeating: " ", count: max(0, 6 - seconds.count))
    self.output("\(padding)\(seconds) s  \(text)\n")
  }

  /// Shows how far a long work is.
  func show(_ text: @autoclosure () -> String) {
    self.progress.show(text())
  }
}

extension Duration {
  /// The duration in milliseconds or seconds, as text for people.
  var forPeople: String {
    let seconds = self / .seconds(1)
    return seconds < 1
      ? "\((seconds * 1000).rounded(to: 0)) ms" : "\(seconds.rounded(to: 1)) s"
  }
}
