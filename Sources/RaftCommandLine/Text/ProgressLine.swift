import RaftConcurrency

/// How far a long work is: on a terminal one line that is rewritten, else a line now and then.
package final class ProgressLine: Sendable {
  private struct State {
    var shown: ContinuousClock.Instant?
    var isOpen = false
  }

  private let isTerminal: Bool
  private let interval: Duration
  private let output: @Sendable (String) -> Void
  private let state = Guarded(State())

  /// A line on standard error, or wherever `output` puts it.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether the line can be rewritten.
  ///   - interval: How often a new line comes where it cannot.
  ///   - output: Takes what is written.
  package init(
    isTerminal: Bool = Output.isTerminal, interval: Duration = .seconds(2),
    output: @escaping @Sendable (String) -> Void = { Output.complain($0) }
  ) {
    self.isTerminal = isTerminal
    self.interval = isTerminal ? .milliseconds(100) : interval
    self.output = output
  }

  /// Shows the text, unless another one was shown a moment ago.
  package func show(_ text: @autoclosure () -> String) {
    self.state.withLock { state in
      let now = ContinuousClock.now
      if let shown = state.shown, shown.duration(to: now) < self.interval { return }
      // Without a terminal, a work that is soon done needs no line.
      defer { state.shown = now }
      guard self.isTerminal || state.shown != nil else { return }
      self.output(self.isTerminal ? "\r\u{1B}[K" + text() : text() + "\n")
      state.isOpen = self.isTerminal
    }
  }

  /// Removes the line from the terminal.
  package func clear() {
    self.state.withLock { state in
      if state.isOpen { self.output("\r\u{1B}[K") }
      state.isOpen = false
    }
  }
}
