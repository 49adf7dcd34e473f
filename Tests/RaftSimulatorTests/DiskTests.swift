import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("A simulated disk")
struct DiskTests {
  private func entries(_ range: Range<UInt64>, after chain: UInt64 = 0) -> [SimulatedEntry] {
    var entries: [SimulatedEntry] = []
    for index in range {
      entries.append(
        SimulatedEntry(
          logID: LogID(term: 1, node: 1, index: LogIndex(index)), kind: .command,
          timestamp: .epoch, payload: index, after: entries.last?.chain ?? chain))
    }
    return entries
  }

  @Test("A loss of power takes what was not flushed, and may tear the first lost write apart")
  func lossOfPower() {
    var disk = SimulatedDisk()
    let all = self.entries(0..<6)
    disk.write(.append(all[0..<2]))
    disk.write(.append(all[2..<5]))
    disk.write(.append(all[5..<6]))
    let loss = disk.losePower(keeping: 1, andEntries: 2)
    #expect(disk.durable.log.last == all[3].logID && disk.readable.log.last == all[3].logID)
    #expect(loss.writes == 2 && loss.entries == 2 && loss.isTorn)
  }

  @Test("A purged log forgets entries, keeps its end and knows its history")
  func purge() {
    var log = SimulatedLog()
    let all = self.entries(0..<10)
    log.append(all[...])
    log.purge(through: all[3].logID)
    #expect(log.entry(at: 3) == nil && log.entry(at: 4) == all[4] && log.holds(all[2].logID))
    log.truncate(after: all[5].logID)
    #expect(log.last == all[5].logID && log.chain == all[5].chain)
    log.truncate(after: all[3].logID)
    log.purge(through: all[8].logID, chain: all[8].chain)
    #expect(log.last == all[8].logID && log.chain == all[8].chain && log.entries.isEmpty)
  }
}
