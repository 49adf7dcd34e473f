import RaftFiles
import RaftStoreTesting
import Testing

@Suite("The journal of the simulated disk")
struct JournalTests {
  @Test("Everything stands in the order in which it happened, with the test's marks")
  func order() throws {
    let files = SimulatedFileSystem()
    try files.createDirectory("/d")
    let file = try files.make("d/a", [1, 2])
    try file.sync()
    files.note("acknowledged 1")
    try file.truncate(to: 0)
    try files.rename("/d/a", to: "/d/b")
    try files.syncDirectory("/d")
    try files.remove("/d/b")
    files.failNext(.sync)
    try? file.sync()
    files.crash(.torn(seed: 3))
    #expect(
      files.journal.events.map(\.description) == [
        "1 created directory /d", "2 created /d/a", "3 wrote /d/a 0..<2", "4 synced /d/a",
        "5 noted acknowledged 1", "6 resized /d/a from 2 to 0", "7 renamed /d/a to /d/b",
        "8 synced directory /d", "9 removed /d/b",
        "10 could not sync /d/a: the device reported an input/output error; check the disk",
        "11 crashed: torn(seed: 3)",
      ])
    #expect(files.journal.events.map(\.file) == [nil, 2, 2, 2, nil, 2, 2, nil, 2, 2, nil])
    #expect(files.journal.sequence(ofNote: "acknowledged 1") == 5)
    #expect(files.journal.count == 11)
  }

  @Test("A journal keeps as much as it is told")
  func retention() throws {
    for retention in [FileJournal.Retention.nothing, .latest(3), .everything] {
      let files = SimulatedFileSystem(journal: retention)
      for number in 1...100 {
        #expect(files.note("\(number)") == number)
        let kept = files.journal.events.map(\.sequence)
        #expect(kept.isEmpty || kept.last == number)
        switch retention {
        case .nothing: #expect(kept == [])
        case .latest: #expect(kept.count >= min(number, 3) && kept.count <= 6)
        case .everything: #expect(kept.count == number)
        }
      }
    }
  }

  @Test("Bytes are covered from the sync on that follows their last write")
  func coverage() throws {
    let files = SimulatedFileSystem()
    let file = try files.make("/a", [1, 2, 3, 4])
    let written = files.note("written")
    try file.sync()
    let synced = files.note("synced")
    try files.syncDirectory("/")
    let named = files.note("named")
    try file.write([5], at: 3)
    let rewritten = files.note("rewritten")
    let journal = files.journal
    func coverage(_ range: Range<Int>, _ sequence: Int) -> FileCoverage {
      journal.coverage(of: range, in: "a", before: sequence)
    }
    // The name is the earliest thing that is not covered.
    #expect(coverage(0..<4, written) == .uncovered(journal.events[0]))
    #expect(coverage(0..<4, synced) == .uncovered(journal.events[0]))
    #expect(coverage(0..<4, named) == .covered)
    #expect(coverage(0..<5, named) == .unwritten(4..<5))
    #expect(coverage(0..<3, rewritten) == .covered)
    #expect(coverage(0..<4, rewritten) == .uncovered(journal.events[rewritten - 2]))
    #expect(journal.coverage(of: 0..<1, in: "/b", before: named) == .unwritten(0..<1))
  }

  @Test("Bytes are not covered while a directory above has no synced name")
  func coverageOfDirectories() throws {
    let files = SimulatedFileSystem()
    try files.createDirectory("/d")
    try files.makeDurable("/d/a", [1])
    let early = files.note("early")
    try files.syncDirectory("/")
    let late = files.note("late")
    let journal = files.journal
    #expect(
      journal.coverage(of: 0..<1, in: "/d/a", before: early) == .uncovered(journal.events[0]))
    #expect(journal.coverage(of: 0..<1, in: "/d/a", before: late) == .covered)
  }

  @Test("A sync through an old handle covers the file under its new name, once that is synced")
  func coverageAfterRename() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1])
    try files.rename("/a", to: "/b")
    try file.write([2], at: 1)
    try file.sync()
    let early = files.note("early")
    try files.syncDirectory("/")
    let late = files.note("late")
    let journal = files.journal
    let renamed = try #require(journal.events.first { $0.action == .renamed("/a", to: "/b") })
    #expect(journal.coverage(of: 0..<2, in: "/b", before: early) == .uncovered(renamed))
    #expect(journal.coverage(of: 0..<2, in: "/b", before: late) == .covered)
    #expect(journal.coverage(of: 0..<2, in: "/a", before: late) == .unwritten(0..<2))
  }

  @Test("After a failed sync only bytes that are written anew can be covered")
  func coverageAfterFailure() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1])
    try file.write([2, 2, 2], at: 0)
    let lost = files.journal.count
    files.failNext(.sync)
    try? file.sync()
    try file.write([3], at: 1)
    try file.sync()
    let end = files.note("end")
    let journal = files.journal
    let lostWrite = journal.events[lost - 1]
    #expect(journal.coverage(of: 0..<3, in: "/a", before: end) == .uncovered(lostWrite))
    #expect(journal.coverage(of: 1..<2, in: "/a", before: end) == .covered)
    #expect(journal.coverage(of: 2..<3, in: "/a", before: end) == .uncovered(lostWrite))
  }

  @Test("After a failed sync of its directory a name stays uncovered")
  func coverageAfterDirectoryFailure() throws {
    let files = SimulatedFileSystem()
    try files.make("/a", [1]).sync()
    files.failNext(.syncDirectory)
    try? files.syncDirectory("/")
    try files.syncDirectory("/")
    let end = files.note("end")
    let journal = files.journal
    #expect(journal.coverage(of: 0..<1, in: "/a", before: end) == .uncovered(journal.events[0]))
  }

  @Test("Bytes that were cut off count as unwritten, and what a crash left as unknown")
  func coverageAfterCut() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1, 2, 3])
    try file.truncate(to: 1)
    try file.truncate(to: 2)
    try file.sync()
    let cut = files.note("cut")
    #expect(files.journal.coverage(of: 0..<3, in: "/a", before: cut) == .unwritten(2..<3))
    #expect(files.journal.coverage(of: 0..<2, in: "/a", before: cut) == .covered)
    files.crash(.dropUnsynced)
    let end = files.note("end")
    #expect(files.journal.coverage(of: 0..<2, in: "/a", before: end) == .unwritten(0..<2))
  }
}
