import RaftEngine
import Testing

@Suite("Indices, moments and stamps")
struct NumbersTests {
  @Test("Indices keep the laws of strides, at both ends of the range that a log can reach")
  func strideLaws() {
    let ends: [UInt64] = [0, 1, 2, 1000, UInt64(Int64.max) - 1, UInt64(Int64.max)]
    for from in ends.map(LogIndex.init(_:)) {
      for to in ends.map(LogIndex.init(_:)) {
        let distance = from.distance(to: to)
        #expect(from.advanced(by: distance) == to)
        #expect((distance > 0) == (from < to))
        #expect(distance == -to.distance(to: from))
      }
    }
  }

  @Test("An index steps forward and back, and stops at the log's beginning")
  func neighbours() {
    let index: LogIndex = 7
    #expect(index.next == 8)
    #expect(index.previous == 6)
    #expect(LogIndex(0).previous == nil)
    #expect(index + 0 == 7)
    #expect(index + 5 == 12)
  }

  @Test("Ranges of indices can be walked and counted")
  func ranges() {
    #expect(Array(LogIndex(3)...5) == [3, 4, 5])
    #expect((LogIndex(3)..<3).isEmpty)
    #expect((LogIndex(10)..<1_000_010).count == 1_000_000)
  }

  @Test("Rounds, nodes, indices, moments and stamps are ordered by their number")
  func orders() {
    let numbers: [UInt64] = [0, 1, 2, 9, 10, .max]
    expectAscending(numbers.map(Term.init(_:)))
    expectAscending(numbers.map(NodeID.init(_:)))
    expectAscending(numbers.map(LogIndex.init(_:)))
    expectAscending(numbers.map(Timestamp.init(nanoseconds:)))
    expectAscending([Int64.min, -1, 0, 1, .max].map(Instant.init(nanoseconds:)))
    #expect(Term(1).next == 2)
  }

  @Test("A moment moved past an end of the clock stays at that end")
  func instantsSaturate() {
    let late = Instant(nanoseconds: .max - 1)
    let early = Instant(nanoseconds: .min + 1)
    #expect(late.advanced(byNanoseconds: 1) == .distantFuture)
    #expect(late.advanced(byNanoseconds: 2) == .distantFuture)
    #expect(early.advanced(byNanoseconds: -2) == Instant(nanoseconds: .min))
    #expect(Instant(nanoseconds: 5).advanced(byNanoseconds: -7) == Instant(nanoseconds: -2))
  }

  @Test("The time between two moments has a sign, and stays at the largest instead of turning")
  func instantDifferences() {
    let zero = Instant(nanoseconds: 0)
    #expect(zero.nanoseconds(to: Instant(nanoseconds: 5)) == 5)
    #expect(Instant(nanoseconds: 5).nanoseconds(to: zero) == -5)
    #expect(Instant(nanoseconds: -1).nanoseconds(to: .distantFuture) == .max)
    #expect(Instant.distantFuture.nanoseconds(to: Instant(nanoseconds: -2)) == .min)
  }

  @Test("Numbers are printed as people read them")
  func descriptions() {
    #expect("\(Term(3)) \(NodeID(2)) \(LogIndex(1))" == "3 2 1")
    #expect("\(Instant(nanoseconds: 12_500_000))" == "12.5ms")
    #expect("\(Timestamp(nanoseconds: 1_700_000_000_250_999_999))" == "1700000000.25s")
    #expect("\(Incarnation(0xAB))" == "00000000000000ab")
    #expect("\(Incarnation(.max))" == "ffffffffffffffff")
  }
}
