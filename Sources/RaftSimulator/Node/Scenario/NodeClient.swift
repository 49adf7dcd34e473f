import Raft

/// One client: asks one node after the other, one call at a time.
struct NodeClient {
  let number: Int
  let play: NodePlay

  private var world: NodeWorld { self.play.world }
  private var book: CallBook { self.play.book }

  /// Calls until the play has had enough.
  ///
  /// Each turn has a number and dice of its own, so that leaving it out changes no other turn.
  func run() async {
    var turn = 0
    while !self.play.clientsShallEnd {
      let number = turn * self.world.profile.clientCount + self.number
      turn += 1
      var dice = Dice(seed: self.world.scenario.seed, .request, number)
      await self.world.sleep(for: dice.draw(0...60_000_000))
      if self.world.isChaotic {
        self.world.pieces[.request] = max(self.world.pieces[.request], number)
        guard self.world.scenario.requests.admits(number) else { continue }
      }
      await self.call(&dice)
    }
  }

  private func call(_ dice: inout Dice) async {
    let cluster = self.play.cluster
    let wanted = dice.happens(perMille: 750) ? cluster.leader : nil
    let running = cluster.running
    let chosen = running.isEmpty ? nil : dice.pick(running)
    guard let station = wanted ?? chosen, let life = station.life else { return }
    await station.untilAwake()
    switch dice.below(100) {
    case 0..<45: await self.write(count: 1, at: life, &dice)
    case 45..<55: await self.write(count: dice.number(in: 2...5), at: life, &dice)
    case 55..<75: await self.compareAndSet(at: life, &dice)
    case 75..<88: await self.read(key: self.key(&dice), at: life)
    case 88..<93: await self.readBehindBarrier(key: self.key(&dice), at: life)
    default:
      let running = cluster.running
      guard !running.isEmpty, let other = dice.pick(running).life else { return }
      await self.read(key: self.key(&dice), at: other, barrierFrom: life)
    }
  }

  private func key(_ dice: inout Dice) -> Int { dice.below(SimulatedMachine.keyCount) }

  private func command(expected: UInt64? = nil, key: Int, _ dice: inout Dice) -> SimulatedCommand {
    self.play.lastValue += 1
    return SimulatedCommand(
      value: self.play.lastValue, key: key, expected: expected,
      guest: self.world.guests?.command(Chance(seed: dice.next())) ?? [])
  }

  // MARK: Writes

  private func write(count: Int, at life: NodeLife, _ dice: inout Dice) async {
    var commands: [SimulatedCommand] = []
    for _ in 0..<count { commands.append(self.command(key: self.key(&dice), &dice)) }
    await self.write(commands, at: life, dice.pick(Way.allCases))
  }

  private func compareAndSet(at life: NodeLife, _ dice: inout Dice) async {
    let key = self.key(&dice)
    // What the node shows without asking a quorum is often right, and sometimes not.
    guard let expected = try? await life.node.read({ $0.registers[key] }) else { return }
    await self.write([self.command(expected: expected, key: key, &dice)], at: life)
  }

  /// How a single command is written.
  private enum Way: CaseIterable {
    case written
    /// Only under the leadership that the node knows of.
    case bound
    case submitted
  }

  private func write(
    _ commands: [SimulatedCommand], at life: NodeLife, _ way: Way = .written
  ) async {
    let call = self.book.begin(.write(commands), by: self.number, at: life.station.id)
    let outcome: CallBook.Outcome
    do throws(WriteError) {
      outcome =
        commands.count == 1
        ? .written([try await Self.write(commands[0], on: life, way)])
        : .written(try await life.node.write(contentsOf: commands))
    } catch .outcomeUnknown {
      outcome = .unknown
    } catch {
      outcome = .refused(error)
    }
    await life.station.untilAwake()
    self.book.end(call, outcome)
  }

  private static func write(
    _ command: SimulatedCommand, on life: NodeLife, _ way: Way
  ) async throws(WriteError) -> SimulatedMachine.Response {
    let node = life.node
    switch way {
    case .written: return try await node.write(command)
    case .bound: return try await node.write(command, as: node.metrics.vote.leader)
    case .submitted:
      let result = await withUnsafeContinuation {
        (continuation: UnsafeContinuation<Result<SimulatedMachine.Response, WriteError>, Never>) in
        do throws(WriteError) {
          try node.submit(command) { progress in
            if case .completed(let result) = progress { continuation.resume(returning: result) }
          }
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      return try result.get()
    }
  }

  // MARK: Reads

  /// What is applied after an entry of this call's own is what every earlier call left.
  private func readBehindBarrier(key: Int, at life: NodeLife) async {
    let call = self.book.begin(.read(key: key), by: self.number, at: life.station.id)
    var outcome = CallBook.Outcome.notRead
    do {
      try await life.node.writeBarrier()
      outcome = try await Self.look(at: key, in: life)
    } catch {}
    await life.station.untilAwake()
    self.book.end(call, outcome)
  }

  private func read(key: Int, at life: NodeLife) async {
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
  private func read(key: Int, at other: NodeLife, barrierFrom life: NodeLife) async {
    let call = self.book.begin(.read(key: key), by: self.number, at: other.station.id)
    var outcome = CallBook.Outcome.notRead
    do throws(ReadError) {
      let barrier = try await life.node.readBarrier(self.policy())
      // A follower may never get there: it may be removed, or cut off. Nobody waits for ever.
      let isThere = try? await other.node.wait(
        for: .applied(atLeast: barrier.index), within: .milliseconds(400))
      if isThere != nil { outcome = try await Self.look(at: key, in: other) }
    } catch {}
    await other.station.untilAwake()
    self.book.end(call, outcome)
  }

  private static func look(
    at key: Int, in life: NodeLife
  ) async throws(ReadError) -> CallBook.Outcome {
    try await life.node.read { .read($0.registers[key], at: $0.lines.last?.index) }
  }
}
