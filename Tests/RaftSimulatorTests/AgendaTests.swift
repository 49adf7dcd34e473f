import Testing

@testable import RaftSimulator

@Suite("The agenda")
struct AgendaTests {
  @Test("Events come in order of time, those of one moment in order of arrival")
  func order() {
    var agenda = Agenda<Int>()
    var dice = Dice(seed: 1)
    var expected: [(time: Int64, number: Int)] = []
    for number in 0..<500 {
      let time = dice.duration(upTo: 40)
      agenda.add(number, at: time)
      expected.append((time, number))
    }
    expected.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    var got: [Int] = []
    while let (_, number) = agenda.next() { got.append(number) }
    #expect(got == expected.map(\.number))
  }

  @Test("A clock that drifts shows a moment when the agenda says that it does")
  func clock() {
    for drift in [-100_000, -20_000, 0, 7, 20_000, 100_000] as [Int64] {
      let clock = SimulatedClock(startingAt: 5_000_000_123, worldTime: 77, drift: drift)
      for time in [78, 1_000_000, 1_234_567_891, 9_000_000_000_000] as [Int64] {
        let shown = clock.instant(at: time)
        let found = clock.worldTime(at: shown)
        #expect(clock.instant(at: found) >= shown)
        #expect((time...time + 4).contains(found))
      }
    }
  }
}
