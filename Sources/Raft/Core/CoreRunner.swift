/// Runs the turns of a core: in the core's own task, or as a guest on a thread that woke it.
///
/// Safe although the loop is reached from several threads: the mailbox lets one at a time go to
/// work, the task while it does not wait, or one guest while it does.
final class CoreRunner: @unchecked Sendable {
  private let core: RaftCore
  private let loop: UnsafeMutablePointer<CoreLoop>
  private let chain = TurnChain()

  init(_ loop: consuming CoreLoop) {
    self.core = loop.core
    self.loop = .allocate(capacity: 1)
    self.loop.initialize(to: loop)
  }

  deinit {
    self.loop.deinitialize(count: 1)
    self.loop.deallocate()
  }

  /// Runs turn after turn until something ends the node; returns what.
  ///
  /// - Parameter group: Where the tasks live that turns begin.
  func run(in group: inout DiscardingTaskGroup) async -> NodeFailure {
    self.loop.pointee.begin()
    while true {
      for task in self.loop.pointee.takeTasks() { group.addTask { await task() } }
      if let failure = self.loop.pointee.failure {
        self.loop.pointee.closeLinks()
        return failure
      }
      guard self.loop.pointee.take(by: self, of: self.core) else {
        await self.core.mailbox.wait()
        continue
      }
      if self.loop.pointee.takenWriterCount() >= Self.chainedWriters {
        self.chain.run { self.loop.pointee.turn(of: self.core) }
      } else {
        self.loop.pointee.turn(of: self.core)
      }
      if self.loop.pointee.answeredCount >= Self.crowd { await Task.yield() }
    }
  }

  /// So many writers keep all threads busy; with fewer, another one is idle and does the turns of
  /// followers meanwhile.
  private static let chainedWriters = 32

  /// So many writers that were answered together go first: most of them write again at once, and
  /// the next batch then holds what all of them write.
  private static let crowd = 8

  // MARK: Guests

  /// One turn in the place of the core's task, which waits; it is woken if there is more to do.
  ///
  /// The mailbox has let the caller in.
  func guestTurn() {
    let hasWork = self.loop.pointee.take(by: self, of: self.core)
    if hasWork { self.loop.pointee.turn(of: self.core) }
    self.leave(isSlow: hasWork && self.loop.pointee.isSlow())
  }

  /// The turns that bring a lone writer its answer, if nodes of this process are enough for that;
  /// what became of them is shown once.
  ///
  /// The mailbox has let the caller in.
  func guestTurns() {
    let chain = self.chain
    var turns = 0
    var isSlow = false
    while turns < Self.guestTurnsMax, !isSlow, !self.loop.pointee.needsTask(),
      self.loop.pointee.take(by: self, of: self.core)
    {
      turns += 1
      chain.run { self.loop.pointee.work(of: self.core) }
      isSlow = self.loop.pointee.isSlow()
    }
    if turns > 0 { self.loop.pointee.settle() }
    self.leave(isSlow: isSlow)
  }

  /// One to send the command to peers, one for their answers, and two for what else comes.
  private static let guestTurnsMax = 4

  private func leave(isSlow: Bool) {
    self.core.mailbox.leave(isTaskNeeded: self.loop.pointee.needsTask(), isSlow: isSlow)
  }

  /// For the end of the node: nobody runs the loop any more.
  func withLoop(_ body: (inout CoreLoop) -> Void) { body(&self.loop.pointee) }
}
