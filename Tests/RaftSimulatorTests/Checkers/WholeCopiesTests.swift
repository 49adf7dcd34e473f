import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("Whole copies: the checker bites and lets pass")
struct WholeCopiesTests {
  private static let checker = WholeCopies(witnesses: [3])
  private static let whole = log([id(1, 1, 0), id(1, 1, 1)])[...]
  private static let withheld = ArraySlice(Self.whole.map { $0.form(for: .witness) })

  @Test("A replica stores and applies whole entries, a witness positions")
  func entries() {
    let checker = Self.checker
    #expect(
      finding { () throws(Finding) in
        try checker.stores(Self.whole, node: 1)
        try checker.stores(Self.withheld, node: 3)
        try checker.applies(Self.whole[0], node: 1)
        try checker.applies(Self.withheld[0], node: 3)
      } == nil)
    #expect(
      finding { () throws(Finding) in try checker.stores(Self.withheld, node: 1) } == .wholeCopies)
    #expect(
      finding { () throws(Finding) in try checker.stores(Self.whole, node: 3) } == .wholeCopies)
    #expect(
      finding { () throws(Finding) in try checker.applies(Self.withheld[1], node: 2) }
        == .wholeCopies)
  }

  @Test("A replica takes over a state, a witness none")
  func snapshots() {
    let checker = Self.checker
    let state = SnapshotMeta(lastLogID: id(1, 1, 4), membership: .none)
    let none = SnapshotMeta(lastLogID: id(1, 1, 4), membership: .none, form: .withheld)
    #expect(
      finding { () throws(Finding) in
        try checker.takesOver(state, node: 1)
        try checker.takesOver(none, node: 3)
      } == nil)
    #expect(
      finding { () throws(Finding) in try checker.takesOver(none, node: 1) } == .wholeCopies)
    #expect(
      finding { () throws(Finding) in try checker.takesOver(state, node: 3) } == .wholeCopies)
  }

  @Test("A witness does not lead, and what is committed is held by a replica")
  func cluster() {
    let checker = Self.checker
    #expect(
      finding { () throws(Finding) in
        try checker.elected(vote(1, 2).leader)
        try checker.committed(id(1, 1, 4), holders: [1, 3])
      } == nil)
    #expect(
      finding { () throws(Finding) in try checker.elected(vote(1, 3).leader) } == .wholeCopies)
    #expect(
      finding { () throws(Finding) in try checker.committed(id(1, 1, 4), holders: [3]) }
        == .wholeCopies)
  }

  @Test("A witness gets what a replica has durably, and is asked to take over by nobody")
  func sending() {
    let checker = Self.checker
    #expect(
      finding { () throws(Finding) in
        try checker.sends(id(1, 1, 4), to: 3, isHeld: true)
        try checker.sends(id(1, 1, 4), to: 2, isHeld: false)
        try checker.handsOver(to: 2)
      } == nil)
    #expect(
      finding { () throws(Finding) in try checker.sends(id(1, 1, 4), to: 3, isHeld: false) }
        == .wholeCopies)
    #expect(
      finding { () throws(Finding) in try checker.handsOver(to: 3) } == .wholeCopies)
  }

  @Test("An entry without its payload is still the same entry, and another one is not")
  func sameness() {
    #expect(
      Self.whole[1].isSame(as: Self.withheld[1]) && Self.withheld[1].isSame(as: Self.whole[1]))
    #expect(!Self.whole[0].isSame(as: Self.withheld[1]))
    let other = log([id(1, 1, 0), id(1, 1, 1)], payloads: [1, 99])[1]
    #expect(!other.isSame(as: Self.withheld[1]))
  }
}
