import RaftEngine
import Testing

@testable import RaftSimulator

/// The property that a broken rule is reported under; `nil` if nothing was found.
func finding(_ body: () throws(Finding) -> Void) -> Property? {
  do {
    try body()
    return nil
  } catch {
    return error.property
  }
}

func id(_ term: UInt64, _ node: UInt64, _ index: UInt64) -> LogID {
  LogID(term: Term(term), node: NodeID(node), index: LogIndex(index))
}

func vote(_ term: UInt64, _ node: UInt64) -> Vote {
  Vote(leader: LeaderID(term: Term(term), node: NodeID(node)), isCommitted: false)
}

/// Entries of these positions, one behind the other.
func log(_ ids: [LogID], payloads: [UInt64]? = nil) -> [SimulatedEntry] {
  var entries: [SimulatedEntry] = []
  for (place, logID) in ids.enumerated() {
    entries.append(
      SimulatedEntry(
        logID: logID, kind: .command, timestamp: .epoch,
        payload: payloads?[place] ?? logID.index.rawValue + 1, after: entries.last?.chain ?? 0))
  }
  return entries
}

func simulatedLog(_ ids: [LogID]) -> SimulatedLog {
  var held = SimulatedLog()
  held.append(log(ids)[...])
  return held
}

func history(_ ids: [LogID], by leaders: [LogID]? = nil) -> CommittedHistory {
  var history = CommittedHistory()
  for (place, entry) in log(ids).enumerated() {
    history.append(entry, committedBy: (leaders?[place] ?? entry.logID).leader)
  }
  return history
}

func membership(_ configurations: [[NodeID]]) throws -> Membership {
  let members = Set(configurations.flatMap(\.self)).sorted()
    .map { Member(id: $0, address: "\($0)") }
  return try Membership(configurations: configurations, members: members)
}
