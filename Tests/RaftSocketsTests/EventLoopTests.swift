import RaftSockets
import Synchronization
import TestPace
import Testing

@Suite("The event loop", .realTime, .timeLimit(.minutes(5)))
struct EventLoopTests {
  /// How many jobs have run.
  final class Counter: Sendable {
    let ran = Atomic(0)
  }

  /// What a test observed on a loop, in order.
  final class Record {
    var numbers: [Int] = []
    var keeps: MovingDeadline?
  }

  @Test("Jobs run on the loop's thread, in the order of posting")
  func order() async throws {
    let loop = try EventLoop.start(named: "order")
    let record = LoopConfined(Record(), to: loop)
    for number in 0..<1000 { loop.post { record.onLoop.numbers.append(number) } }
    let seen = try await loop.run { record.onLoop.numbers }
    #expect(seen == Array(0..<1000))
    #expect(try await loop.run { loop.isCurrent })
    #expect(!loop.isCurrent)
    await loop.shutdown()
  }

  @Test("Every job that was accepted runs, though the loop is shut down meanwhile")
  func acceptedJobsRun() async throws {
    let loop = try EventLoop.start()
    let counter = Counter()
    let accepted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var accepted = 0
          while case .accepted = loop.post({ counter.ran.add(1, ordering: .relaxed) }) {
            accepted += 1
            await Task.yield()
          }
          return accepted
        }
      }
      group.addTask {
        await loop.shutdown()
        return 0
      }
      return await group.reduce(0, +)
    }
    #expect(counter.ran.load(ordering: .relaxed) == accepted)
  }

  @Test("After the shutdown nothing is taken, and a second shutdown returns")
  func afterShutdown() async throws {
    let loop = try EventLoop.start()
    await loop.shutdown()
    await loop.shutdown()
    await #expect(throws: SocketError.loopStopped) { try await loop.run { 1 } }
    let isStopped = if case .stopped = loop.post({}) { true } else { false }
    #expect(isStopped)
  }

  @Test("Timers fire in order of their deadlines; a cancelled one does not")
  func timers() async throws {
    let loop = try EventLoop.start()
    let record = LoopConfined(Record(), to: loop)
    let numbers = await withCheckedContinuation { continuation in
      loop.post {
        let numbers = record.onLoop
        _ = loop.schedule(after: .seconds(-1)) { numbers.numbers.append(1) }
        let cancelled = loop.schedule(after: .milliseconds(2)) { numbers.numbers.append(9) }
        _ = loop.schedule(after: .milliseconds(5)) { numbers.numbers.append(2) }
        _ = loop.schedule(after: .milliseconds(10)) {
          numbers.numbers.append(3)
          continuation.resume(returning: numbers.numbers)
        }
        loop.cancel(cancelled)
      }
    }
    #expect(numbers == [1, 2, 3])
    await loop.shutdown()
  }

  @Test("A deadline that was moved is reached at its last place, once")
  func movingDeadline() async throws {
    let loop = try EventLoop.start()
    let record = LoopConfined(Record(), to: loop)
    let start = ContinuousClock.now
    let end = await withCheckedContinuation { continuation in
      loop.post {
        let numbers = record.onLoop
        let deadline = MovingDeadline(on: loop) {
          numbers.numbers.append(1)
          continuation.resume(returning: ContinuousClock.now)
        }
        numbers.keeps = deadline
        deadline.move(to: .milliseconds(5))
        deadline.move(to: nil)
        deadline.move(to: .seconds(60))
        deadline.move(to: .milliseconds(20))
        deadline.move(to: .milliseconds(40))
      }
    }
    // The loop counts from the beginning of its turn.
    #expect(end - start >= .milliseconds(35))
    #expect(try await loop.run { record.onLoop.numbers } == [1])
    await loop.shutdown()
  }

  @Test("A confined value that is opened on another thread stops the process")
  func confined() async {
    await #expect(processExitsWith: .failure) {
      let loop = try EventLoop.start()
      let record = LoopConfined(Record(), to: loop)
      _ = record.onLoop
    }
  }
}
