import RaftEngine
import Testing

@Suite("The last two memberships of a log")
struct MembershipStateTests {
  private static func logged(_ index: LogIndex, term: Term = 1) throws -> LoggedMembership {
    LoggedMembership(
      logID: LogID(term: term, node: 1, index: index), membership: try membership([1, 2, 3]))
  }

  @Test("A fresh node knows no membership, and nothing is open")
  func fresh() {
    var state = MembershipState()
    #expect(state.effective == .none)
    #expect(state.committed == .none)
    #expect(state.isSettled)
    state.commit(through: 10)
    state.truncate(from: 0)
    #expect(state == MembershipState())
  }

  @Test("An appended membership takes effect at once, and proves the one before committed")
  func append() throws {
    let (first, second) = (try Self.logged(0), try Self.logged(5))
    var state = MembershipState()
    state.append(first)
    #expect(state == MembershipState(committed: .none, effective: first))
    #expect(!state.isSettled)
    state.append(second)
    #expect(state == MembershipState(committed: first, effective: second))
  }

  @Test("A membership is committed together with its entry, not earlier")
  func commit() throws {
    let (first, second) = (try Self.logged(0), try Self.logged(5))
    var state = MembershipState(committed: first, effective: second)
    state.commit(through: 4)
    #expect(state == MembershipState(committed: first, effective: second))
    state.commit(through: 5)
    #expect(state == MembershipState(committed: second, effective: second))
    #expect(state.isSettled)
    state.commit(through: 9)
    #expect(state.committed == second)
  }

  @Test("Cutting the last membership off goes back to the one before, cutting behind it does not")
  func truncate() throws {
    let (first, second) = (try Self.logged(3), try Self.logged(5))
    let open = MembershipState(committed: first, effective: second)
    var state = open
    state.truncate(from: 6)
    #expect(state == open)
    state.truncate(from: 5)
    #expect(state == MembershipState(committed: first, effective: first))
    state = open
    state.truncate(from: 4)
    #expect(state == MembershipState(committed: first, effective: first))
    state = MembershipState(committed: .none, effective: first)
    state.truncate(from: 0)
    #expect(state == MembershipState())
  }

  @Test("A membership that was cut off can be replaced by one of a later leader")
  func replaced() throws {
    let (first, abandoned) = (try Self.logged(3), try Self.logged(5))
    let later = try Self.logged(4, term: 2)
    var state = MembershipState(committed: first, effective: abandoned)
    state.truncate(from: 4)
    state.append(later)
    #expect(state == MembershipState(committed: first, effective: later))
  }

  @Test("A snapshot that replaces the log brings its membership, also over an abandoned later one")
  func installOverLog() throws {
    let snapshot = try Self.logged(8)
    var state = MembershipState(
      committed: try Self.logged(0), effective: try Self.logged(9, term: 1))
    state.install(snapshot, keepingLog: false)
    #expect(state == MembershipState(committed: snapshot, effective: snapshot))
    state = MembershipState(committed: try Self.logged(9), effective: try Self.logged(9))
    state.install(snapshot, keepingLog: false)
    #expect(state == MembershipState(committed: snapshot, effective: snapshot))
  }

  @Test("A snapshot within the log commits the memberships through its end and keeps those behind")
  func installWithinLog() throws {
    let (first, second, third) = (try Self.logged(0), try Self.logged(5), try Self.logged(9))
    // The snapshot's membership is the effective one.
    var state = MembershipState(committed: first, effective: second)
    state.install(second, keepingLog: true)
    #expect(state == MembershipState(committed: second, effective: second))
    // The effective one lies behind the snapshot.
    state = MembershipState(committed: first, effective: second)
    state.install(first, keepingLog: true)
    #expect(state == MembershipState(committed: first, effective: second))
    // Both lie behind it.
    state = MembershipState(committed: second, effective: third)
    state.install(first, keepingLog: true)
    #expect(state == MembershipState(committed: second, effective: third))
    // Nothing was known to be committed.
    state = MembershipState(committed: .none, effective: third)
    state.install(second, keepingLog: true)
    #expect(state == MembershipState(committed: second, effective: third))
  }

  @Test("A snapshot from before every membership changes nothing of a log that is kept")
  func installWithoutMembership() throws {
    let open = MembershipState(committed: .none, effective: try Self.logged(5))
    var state = open
    state.install(.none, keepingLog: true)
    #expect(state == open)
    state.install(.none, keepingLog: false)
    #expect(state == MembershipState())
  }

  @Test("Memberships do not go back in the log")
  func appendedBackwards() async {
    await #expect(processExitsWith: .failure) {
      var state = MembershipState()
      let only = try Membership(voters: [Member(id: 1, address: "a")])
      state.append(LoggedMembership(logID: LogID(term: 1, node: 1, index: 3), membership: only))
      state.append(LoggedMembership(logID: LogID(term: 1, node: 1, index: 3), membership: only))
    }
  }

  @Test("A committed membership is never cut off")
  func committedCut() async {
    await #expect(processExitsWith: .failure) {
      var state = MembershipState()
      let only = try Membership(voters: [Member(id: 1, address: "a")])
      state.append(LoggedMembership(logID: LogID(term: 1, node: 1, index: 3), membership: only))
      state.append(LoggedMembership(logID: LogID(term: 1, node: 1, index: 5), membership: only))
      state.truncate(from: 3)
    }
  }
}
