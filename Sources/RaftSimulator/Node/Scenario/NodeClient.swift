import Raft

/// One client: asks one node after the other, one call at a time.
struct NodeClient {
  let number: Int
  let scenario: NodeScenario

  private var world: NodeWorld { self.scenario.world }
  private var book: CallBook { self.scenario.book }

  /// Calls until the scenario has had enough.
  func run() async {
    while !self.scenario.clientsShallEnd {
      await self.world.sleep(for: self.world.draw(0...60_000_000))
      await self.call()
    }
  }

  private func call() async {
    let cluster = self.scenario.cluster
    let wanted = self.world.happens(750) ? cluster.leader : nil
    guard let station = wanted ?? self.world.pick(cluster.running), let life = station.life else {
      return
    }
    await station.untilAwake()
    switch self.world.draw(0...99) {
    case 0..<45: await self.write(count: 1, at: life)
    case 45..<55: await self.write(count: self.world.draw(2...5), at: life)
    case 55..<75: await self.compareAndSet(at: life)
    case 75..<93: await self.read(at: life)
    default: await self.readElsewhere(barrierFrom: life)
    }
  }

  private func command(expected: UInt64? = nil, key: Int? = nil) -> SimulatedCommand {
    self.scenario.lastValue += 1
    return SimulatedCommand(
      value: self.scenario.lastValue,
      key: key ?? self.world.draw(0...(SimulatedMachine.keyCount - 1)), expected: expected)
  }

  // MARK: Writes

  private func write(count: Int, at life: NodeLife) async {
    let commands = (0..<count).map { _ in self.command() }
    await self.write(commands, at: life)
  }

  private func compareAndSet(at life: NodeLife) async {
    let key = self.world.draw(0...(SimulatedMachine.keyCount - 1))
    // What the node shows without asking a quorum is often right, and sometimes not.
    guard let expected = try? await life.node.read({ $0.registers[key] }) else { return }
    await self.write([self.command(expected: expected, key: key)], at: life)
  }

  private func write(_ commands: [SimulatedCommand], at life: NodeLife) async {
    let call = self.book.begin(.write(commands), by: self.number, at: life.station.id)
    let outcome: CallBook.Outcome
    do throws(WriteError) {
      outcome =
        commands.count == 1
        ? .written([try await life.node.write(commands[0])])
        : .written(try await life.node.write(contentsOf: commands))
    } catch .outcomeUnknown {
      outcome = .unknown
    } catch {
      outcome = .refused(error)
    }
    await life.station.untilAwake()
    self.book.end(call, outcome)
  }

  // MARK: Reads

  private func read(at life: NodeLife) async {
    let key = self.world.draw(0...(SimulatedMachine.keyCount - 1))
    let call = self.book.begin(.read(key: key), by: self.number, at: life.station.id)
    var outcome = CallBook.Outcome.notRead
    do throws(ReadError) {
      try await life.node.linearizableRead(self.policy())
      outcome = try await Self.look(at: key, in: life)
    } catch {}
    await life.station.untilAwake()
    self.book.end(call, outcome)
  }

  private func policy() -> ReadPolicy {
    switch self.world.draw(0...3) {
    case 0...1: .readIndex
    case 2: .lease
    default:
      .custom(
        ageMax: .milliseconds(self.world.draw(0...200)),
        ifStale: self.world.happens(500) ? .ask : .wait,
        within: .milliseconds(self.world.draw(0...1) * 200))
    }
  }

  /// Reads from any node, with the leader's word on how far it must be.
  private func readElsewhere(barrierFrom life: NodeLife) async {
    let key = self.world.draw(0...(SimulatedMachine.keyCount - 1))
    guard let other = self.world.pick(self.scenario.cluster.running)?.life else { return }
    let call = self.book.begin(.read(key: key), by: self.number, at: other.station.id)
    var outcome = CallBook.Outcome.notRead
    do throws(ReadError) {
      let barrier = try await life.node.readBarrier(self.policy())
      // A follower may never get there: it may be removed, or cut off. Nobody waits for ever.
      let isThere = try? await other.node.wait(
        for: .applied(atLeast: barrier.index), within: .milliseconds(400))
      if isThere != nil { outcome = try await Self.look(at: key, in: other) }
    } catch {}
    await life.station.untilAwake()
    self.book.end(call, outcome)
  }

  private static func look(
    at key: Int, in life: NodeLife
  ) async throws(ReadError) -> CallBook.Outcome {
    try await life.node.read { .read($0.registers[key], at: $0.lines.last?.index) }
  }
}
