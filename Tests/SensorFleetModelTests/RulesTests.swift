import SensorFleetModel
import Testing

@Suite("The rules of primaries and replicas, one by one")
struct RulesTests {
  private static func point(_ sequence: UInt64, _ epoch: UInt64) -> LogPoint {
    LogPoint(sequence: sequence, epoch: Epoch(epoch))
  }

  /// Two records of epoch 1, then three of epoch 2.
  private static let shape: LogShape = {
    var shape = LogShape()
    for (sequence, epoch) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 2)] as [(UInt64, UInt64)] {
      shape.append(Self.point(sequence, epoch))
    }
    return shape
  }()

  @Test("A log knows which epoch wrote which record, also after it was cut off")
  func shapes() {
    var shape = Self.shape
    #expect(shape.last == Self.point(5, 2))
    #expect(shape.point(at: 0) == .start)
    #expect(shape.point(at: 2) == Self.point(2, 1))
    #expect(shape.point(at: 3) == Self.point(3, 2))
    #expect(shape.point(at: 6) == nil)
    #expect(shape.beforeEpoch(of: 5) == 2)
    shape.truncate(after: 9)
    #expect(shape == Self.shape)
    shape.truncate(after: 2)
    #expect(shape.last == Self.point(2, 1))
    shape.append(Self.point(3, 7))
    #expect(shape.point(at: 3) == Self.point(3, 7))
    shape.truncate(after: 0)
    #expect(shape == LogShape())
  }

  @Test(
    "A replica keeps what agrees, cuts off what contradicts, and refuses epochs that are over",
    arguments: [
      // An epoch that is over, by what was heard or by what is stored.
      (1, 3, (5, 2), [], .refuse(known: Epoch(3))),
      (1, 0, (5, 2), [], .refuse(known: Epoch(2))),
      // Nothing new; more; and what is here already.
      (2, 2, (5, 2), [], .store(keep: 5, known: 0)),
      (3, 2, (5, 2), [(6, 3)], .store(keep: 5, known: 0)),
      (3, 2, (3, 2), [(4, 2), (5, 2)], .store(keep: 5, known: 2)),
      // An old message that arrives late cuts nothing off.
      (3, 2, (0, 0), [(1, 1)], .store(keep: 5, known: 1)),
      (3, 2, (2, 1), [], .store(keep: 5, known: 0)),
      // A contradiction.
      (3, 2, (3, 2), [(4, 2), (5, 3), (6, 3)], .store(keep: 4, known: 1)),
      (3, 2, (0, 0), [(1, 3)], .store(keep: 0, known: 0)),
      // A gap, and another record before the first one.
      (3, 2, (8, 2), [(9, 3)], .mismatch(agreesThrough: 5)),
      (3, 2, (5, 3), [(6, 3)], .mismatch(agreesThrough: 2)),
      (3, 2, (2, 2), [(3, 3)], .mismatch(agreesThrough: 0)),
    ] as [(UInt64, UInt64, (UInt64, UInt64), [(UInt64, UInt64)], AppendJudgement)])
  func judgements(
    epoch: UInt64, known: UInt64, previous: (UInt64, UInt64), records: [(UInt64, UInt64)],
    expected: AppendJudgement
  ) {
    let judgement = AppendJudgement(
      epoch: Epoch(epoch), known: Epoch(known), previous: Self.point(previous.0, previous.1),
      records: records.map { Self.point($0.0, $0.1) }, in: Self.shape)
    #expect(judgement == expected)
  }

  @Test("Who has no part in a shard that has all replicas may forget it, unless later was heard")
  func forgetting() {
    var assignment = Self.assignment(epoch: 5)
    assignment.filling = []
    #expect(assignment.mayForget(ServerID(4), known: Epoch(5), replicas: 2))
    #expect(assignment.mayForget(ServerID(4), known: .zero, replicas: 2))
    // A primary that is ahead in the log sent something already.
    #expect(!assignment.mayForget(ServerID(4), known: Epoch(6), replicas: 2))
    #expect(!assignment.mayForget(ServerID(2), known: Epoch(5), replicas: 2))
    #expect(!assignment.mayForget(ServerID(4), known: Epoch(5), replicas: 3))
    #expect(
      !Self.assignment(epoch: 5).mayForget(ServerID(4), known: Epoch(5), replicas: 2),
      "somebody is being filled")
    assignment.primary = nil
    #expect(!assignment.mayForget(ServerID(4), known: Epoch(5), replicas: 1))
  }

  @Test("Ownership counts from the question on, never less than before, and ends")
  func ownership() {
    var ownership = Ownership(length: .milliseconds(1000))
    #expect(!ownership.holds(at: .zero))
    ownership.renew(askedAt: .milliseconds(500))
    #expect(ownership.holds(at: .milliseconds(1499)))
    #expect(!ownership.holds(at: .milliseconds(1500)))
    ownership.renew(askedAt: .milliseconds(400))
    #expect(ownership.holds(at: .milliseconds(1499)))
    #expect(Ownership.waiting(for: .milliseconds(1000)) == .milliseconds(1020))
  }

  /// A primary 1 with the backup 2; 3 is being filled.
  private static func assignment(epoch: UInt64) -> ShardAssignment {
    var assignment = ShardAssignment(ShardID(0))
    assignment.epoch = Epoch(epoch)
    assignment.tenure = Epoch(4)
    assignment.primary = ServerID(1)
    assignment.inSync = [ServerID(1), ServerID(2)]
    assignment.filling = [.init(server: ServerID(3), since: Epoch(5))]
    return assignment
  }

  @Test("A tenure opens when all in sync have its first record and the time before it is over")
  func opening() {
    var tenure = PrimaryTenure(
      of: ServerID(1), Self.assignment(epoch: 5), beginning: 10, opensAt: .seconds(1))
    #expect(tenure.receivers == [ServerID(2), ServerID(3)])
    tenure.store(through: 10)
    #expect(!tenure.isOpen(at: .seconds(2)))
    tenure.confirm(by: ServerID(2), through: 9, askedIn: Epoch(5))
    tenure.confirm(by: ServerID(3), through: 10, askedIn: Epoch(5))
    #expect(!tenure.isOpen(at: .seconds(2)))
    tenure.confirm(by: ServerID(2), through: 10, askedIn: Epoch(5))
    #expect(tenure.isOpen(at: .seconds(1)))
    #expect(!tenure.isOpen(at: .milliseconds(999)))
  }

  @Test("Acknowledged is what the own disk and all others that count have")
  func acknowledging() {
    var tenure = PrimaryTenure(
      of: ServerID(1), Self.assignment(epoch: 5), beginning: 1, opensAt: .zero)
    tenure.confirm(by: ServerID(2), through: 8, askedIn: Epoch(5))
    #expect(tenure.acknowledged == 0)
    tenure.store(through: 6)
    #expect(tenure.acknowledged == 6)
    // An older answer takes nothing back.
    tenure.confirm(by: ServerID(2), through: 3, askedIn: Epoch(5))
    tenure.store(through: 9)
    #expect(tenure.acknowledged == 8)
  }

  @Test("Who is admitted counts from then on; what it confirmed before its filling began does not")
  func admission() {
    var tenure = PrimaryTenure(
      of: ServerID(1), Self.assignment(epoch: 5), beginning: 1, opensAt: .zero)
    tenure.store(through: 100)
    tenure.confirm(by: ServerID(2), through: 100, askedIn: Epoch(5))
    tenure.confirm(by: ServerID(3), through: 100, askedIn: Epoch(4))
    #expect(tenure.confirmed(by: ServerID(3)) == 0)
    var isComplete = tenure.admit(ServerID(3))
    #expect(!isComplete)
    #expect(!tenure.isAdmitted(ServerID(3)))
    tenure.confirm(by: ServerID(3), through: 60, askedIn: Epoch(5))
    // It lacks little: others wait for it from now on, but the log may not say so yet.
    isComplete = tenure.admit(ServerID(3))
    #expect(!isComplete)
    #expect(tenure.isAdmitted(ServerID(3)))
    tenure.store(through: 120)
    tenure.confirm(by: ServerID(2), through: 120, askedIn: Epoch(5))
    #expect(tenure.acknowledged == 100)
    tenure.confirm(by: ServerID(3), through: 110, askedIn: Epoch(5))
    #expect(tenure.acknowledged == 110)
    isComplete = tenure.admit(ServerID(3))
    #expect(isComplete)
    // The log takes the backup out instead, and fills it anew: it counts no more.
    var next = Self.assignment(epoch: 6)
    next.filling = [.init(server: ServerID(3), since: Epoch(6))]
    tenure.assign(next)
    #expect(!tenure.isAdmitted(ServerID(3)))
    #expect(tenure.confirmed(by: ServerID(3)) == 0)
    #expect(tenure.acknowledged == 120)
  }
}
