import Synchronization

/// What submitters are to hear, in order, from a task of its own: code of the application never
/// holds up the core or the machine.
@usableFromInline
final class Notices: Sendable {
  private let queue = JobQueue<@Sendable () -> Void>()
  private let count = Atomic<Int>(0)

  @usableFromInline
  init() {}

  /// What waits to be heard costs in memory, in bytes, about.
  var byteCount: Int { self.count.load(ordering: .relaxed) * 256 }

  /// Has this heard after all that came before; at once if nobody delivers any more.
  @usableFromInline
  func add(_ notice: @escaping @Sendable () -> Void) {
    self.count.wrappingAdd(1, ordering: .relaxed)
    if self.queue.add(notice) { return }
    self.count.wrappingSubtract(1, ordering: .relaxed)
    notice()
  }

  /// Delivers until the queue is closed and empty.
  func deliver() async {
    while let notice = await self.queue.next() {
      notice()
      self.count.wrappingSubtract(1, ordering: .relaxed)
    }
  }

  /// What comes from now on is delivered by whoever brings it.
  func close() {
    self.queue.close()
  }
}
