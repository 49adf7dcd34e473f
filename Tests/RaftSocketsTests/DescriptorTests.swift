import Glibc
import RaftSockets
import TestPace
import Testing

/// How many descriptors this process holds, those of the runtime's own timers left out.
private func openDescriptors() -> Int {
  guard let folder = opendir("/proc/self/fd") else { return -1 }
  defer { closedir(folder) }
  var count = 0
  while let entry = readdir(folder) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix(while: { $0 != 0 }), as: UTF8.self)
    }
    var target = [UInt8](repeating: 0, count: 100)
    let size = target.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { readlink("/proc/self/fd/\(name)", $0, buffer.count) } ?? 0
    }
    let text = String(decoding: target.prefix(max(size, 0)), as: UTF8.self)
    count += text == "anon_inode:[timerfd]" ? 0 : 1
  }
  return count
}

@Suite("Descriptors", .timeLimit(.minutes(5)))
struct DescriptorTests {
  @Test("No descriptor is left behind by loops, listeners and connections of every end")
  func noneLeaks() async {
    await #expect(processExitsWith: .success) {
      var before = 0
      for round in 0..<4 {
        // The first round lets the runtime open what it keeps for ever.
        if round == 1 { before = openDescriptors() }
        let loop = try EventLoop.start()
        let listener = try await echoServer(on: loop)
        for number in 0..<20 {
          let connection = try await connect(to: listener.address, on: loop)
          try await connection.write([1])
          if number % 2 == 0 { _ = try await connection.read() }
          if number % 3 == 0 { await connection.close() }
          if number % 3 == 1 { await connection.finishWriting() }
        }
        await listener.close()
        _ = try? await connect(to: listener.address, on: loop)
        await loop.shutdown()
      }
      // The wake-up descriptor of a loop lives until the last task has let go of the loop.
      let deadline = ContinuousClock.now + .seconds(10).patient
      while openDescriptors() > before, ContinuousClock.now < deadline { await Task.yield() }
      let after = openDescriptors()
      precondition(after <= before, "\(before) descriptors before, \(after) after")
    }
  }

  @Test("A process without descriptors waits with accepting, and serves when it has some again")
  func outOfDescriptors() async {
    await #expect(processExitsWith: .success) {
      let serving = try EventLoop.start()
      let listener = try await echoServer(on: serving)
      let first = try await connect(to: listener.address, on: serving)
      try await first.write([1])
      _ = try await first.read()
      // One descriptor is kept for the connecting side, none is left for the accepting side.
      var spare: [Int32] = []
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      limit.rlim_cur = rlim_t(openDescriptors() + 20)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      while case let descriptor = dup(0), descriptor >= 0 { spare.append(descriptor) }
      close(spare.removeLast())
      let second = try await connect(to: listener.address, on: serving)
      try await second.write([2])
      // It tries again every 100 ms, however long this task waits for its turn.
      let start = ContinuousClock.now
      var times = 0
      while times == 0 { times = try await serving.run { listener.timesOutOfDescriptors } }
      let tries = 2 + Int((ContinuousClock.now - start) / .milliseconds(100))
      precondition(times <= tries, "accepting was tried \(times) times in a row")
      for descriptor in spare { close(descriptor) }
      let answer = try await second.read()
      precondition(answer == [2], "the waiting connection was not served: \(answer ?? [])")
      let all = try await serving.run { listener.timesOutOfDescriptors }
      let most = 2 + Int((ContinuousClock.now - start) / .milliseconds(100))
      precondition(all <= most, "accepting turned without end: \(all)")
    }
  }
}
