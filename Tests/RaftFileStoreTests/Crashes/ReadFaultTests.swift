import Raft
import RaftFileStore
import RaftStoreTesting
import Testing

/// A part of this runs with all tests; `make crash-suite` runs the whole.
@Suite("Crash suite: each read of a start, and of entries, fails or ends early")
struct ReadFaultTests {
  private static let lives =
    CrashScale.current == .whole ? CrashSuiteTests.lives : Array(CrashSuiteTests.lives.prefix(2))

  /// What a start and a reading of everything find, if each is let go on.
  private static func contents(
    _ life: CrashLife, _ disk: SimulatedFileSystem
  ) async throws(StorageError) -> StoreModel {
    let open = try await life.open(disk)
    do {
      let found = try await open.contents()
      await open.store.close()
      return found
    } catch {
      await open.store.close()
      throw error as? StorageError ?? StorageError(.application, "\(error)")
    }
  }

  @Test(
    "A read that fails or ends early is told, never taken for an end, and harms nothing",
    arguments: Self.lives, [ReadFault.failed, .short])
  func readsFail(_ life: CrashLife, _ fault: ReadFault) async throws {
    let moments = try await life.live()
    let ends = CrashScale.count(part: 1, whole: 8)
    var count = 0
    var told = 0
    for place in stride(from: moments.count - 1, to: 0, by: -max(1, moments.count / ends)) {
      let left = moments[place].disk
      left.crash(.keepAll)
      let whole = left.copy()
      let model = try await Self.contents(life, whole)
      let step = CrashScale.count(part: 7, whole: 1)
      for read in stride(from: 1, through: whole.readCount - left.readCount, by: step) {
        let disk = left.copy()
        disk.fail(read: left.readCount + read, with: fault)
        count += 1
        do throws(StorageError) {
          // A second read may make up for it.
          #expect(try await Self.contents(life, disk) == model, "\(fault) at read \(read)")
        } catch {
          told += 1
          #expect(error.kind == (fault == .failed ? .io : error.kind), "read \(read): \(error)")
          #expect([.io, .corrupted].contains(error.kind), "read \(read): \(error)")
        }
        // What the start that met it has mended is as whole as before.
        #expect(try await Self.contents(life, disk) == model, "after \(fault) at read \(read)")
      }
    }
    #expect(told > 0 || fault == .short)
    CrashScale.report(count, of: "failed reads, \(life.testDescription)")
  }
}
