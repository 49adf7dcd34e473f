/// A deadline that is moved often and seldom reached: moving it later costs no timer.
///
/// Belongs to its loop's thread. Its owner keeps it; it does not keep its owner's loop turning.
package final class MovingDeadline {
  private let loop: EventLoop
  private let reached: () -> Void
  private var deadline: MonotonicTime?
  private var timer: (id: TimerID, deadline: MonotonicTime)?

  /// A deadline that is not set; `reached` must not keep the owner alive.
  package init(on loop: EventLoop, reached: @escaping () -> Void) {
    self.loop = loop
    self.reached = reached
  }

  /// Sets the deadline anew, from now; `nil` for none.
  package func move(to limit: Duration?) {
    guard let limit else {
      self.deadline = nil
      return
    }
    let deadline = self.loop.core.now.advanced(by: limit)
    self.deadline = deadline
    if let timer = self.timer {
      guard deadline < timer.deadline else { return }
      self.loop.core.cancel(timer.id)
    }
    self.schedule(deadline)
  }

  /// Gives the timer back; to be called when the owner is done.
  package func end() {
    self.deadline = nil
    if let timer = self.timer { self.loop.core.cancel(timer.id) }
    self.timer = nil
  }

  private func schedule(_ deadline: MonotonicTime) {
    let id = self.loop.core.schedule(at: deadline) { [weak self] in self?.fired() }
    self.timer = (id, deadline)
  }

  private func fired() {
    self.timer = nil
    guard let deadline = self.deadline else { return }
    guard deadline <= self.loop.core.now else { return self.schedule(deadline) }
    self.deadline = nil
    self.reached()
  }
}
