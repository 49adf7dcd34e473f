import RaftConcurrency
import Testing

@testable import Raft

@Suite("Queues and latches", .timeLimit(.minutes(5)))
struct QueueTests {
  @Test("Jobs come in order, also those that wait when the queue is closed, and then the end")
  func order() async {
    let queue = JobQueue<Int>()
    for number in 0..<500 { #expect(queue.add(number)) }
    for number in 0..<400 { #expect(await queue.next() == number) }
    for number in 500..<600 { #expect(queue.add(number)) }
    queue.close()
    #expect(!queue.add(600))
    for number in 400..<600 { #expect(await queue.next() == number) }
    #expect(await queue.next() == nil)
  }

  @Test("A job may join the last one that waits, and no other")
  func joining() async {
    let queue = JobQueue<[Int]>()
    let join = { (job: [Int]) in { (last: [Int]) in last.isEmpty || job.isEmpty ? nil : last + job }
    }
    for job in [[1], [2], [], [3], [4]] { queue.add(job, mergedBy: join(job)) }
    #expect(await queue.next() == [1, 2])
    #expect(queue.removeAll() == [[], [3, 4]])
    queue.add([5], mergedBy: join([5]))
    #expect(await queue.next() == [5])
  }

  @Test("Only the newest heartbeat waits")
  func replacing() async {
    let queue = JobQueue<Int>()
    for number in 0..<5 { queue.replaceAll(with: number) }
    queue.close()
    #expect(await queue.next() == 4)
    #expect(await queue.next() == nil)
  }

  @Test("Everybody who waits for a latch hears of the first opening")
  func latch() async {
    let latch = Latch<Int>()
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { await latch.wait() } }
      latch.open(1)
      latch.open(2)
      for await value in group { #expect(value == 1) }
    }
    #expect(await latch.wait() == 1)
  }

  @Test("Bytes under way to the disk are counted until they are durable")
  func unflushed() {
    var writes = UnflushedWrites()
    for number in 1...100 as ClosedRange<UInt64> { writes.add(10, under: number) }
    #expect(writes.byteCount == 1000)
    writes.flushed(through: 60)
    writes.flushed(through: 40)
    #expect(writes.byteCount == 400)
    writes.add(5, under: 101)
    writes.flushed(through: 200)
    #expect(writes.byteCount == 0)
  }

  @Test("Nobody misses the last metrics, and whoever is cancelled stops waiting")
  func metrics() async {
    let board = MetricsBoard(Metrics(unstarted: 1))
    await withTaskGroup(of: Bool.self) { group in
      for reader in 0..<40 {
        let task = Task {
          var seen: Metrics?
          for await metrics in Watch(\.self, on: board, clock: SystemClock()) { seen = metrics }
          return seen?.failure == .shutdown
        }
        group.addTask {
          if reader % 2 == 0 {
            await Task.yield()
            task.cancel()
            _ = await task.value
            return true
          }
          return await task.value
        }
      }
      var metrics = board.latest
      for round in 0..<500 as Range<UInt64> {
        metrics.committed = LogID(term: 1, node: 1, index: LogIndex(round))
        board.publish(metrics)
        if round % 50 == 0 { await Task.yield() }
      }
      metrics.failure = .shutdown
      board.publish(metrics)
      for await hasSeen in group { #expect(hasSeen) }
    }
  }
}
