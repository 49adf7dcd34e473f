import Raft
import RaftCodec
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import TestPace
import Testing

/// A part of this runs with all tests; `make crash-suite` runs the whole.
@Suite("Crash suite: decay of every byte that holds the log together, and of any others", .longRun)
struct DamageSuiteTests {
  /// A log of several files that was closed in order, and what it holds.
  private static func makeLog(
    _ steps: [Step], _ allocation: SegmentAllocation
  ) async throws -> (SimulatedFileSystem, StoreModel) {
    let disk = SimulatedFileSystem(journal: .nothing)
    let open = try await OpenStore.open(disk, segmentSize: 1400, allocation: allocation)
    var model = StoreModel()
    for step in steps {
      try await open.take(step, next: model.next, after: model)
      model = model.after(step)
    }
    await open.store.close()
    return (disk, model)
  }

  /// The places in a segment's file where records stand, by what stands there.
  private struct Map {
    /// Everything but the payloads of entries: headers, votes, indexes and what else there is.
    var structure: [Int] = []
    /// Where the records end.
    var end = SegmentHeader.size
    /// Where the last record begins.
    var last = 0

    init(_ bytes: [UInt8]) throws {
      let header = try SegmentHeader(decoding: bytes)
      self.structure = Array(0..<SegmentHeader.size)
      while let record = try? ScannedRecord(
        at: self.end, of: bytes, offset: self.end, salt: header.salt)
      {
        // A block's own header has 48 bytes, and one end at least.
        let length = record.header.recordLength
        let known = record.kind == .entries ? min(length, RecordHeader.size + 52) : length
        self.structure += Array(self.end..<(self.end + known))
        self.last = self.end
        self.end += length
      }
    }
  }

  @Test(
    "A turned bit is told with its file, or makes no difference",
    arguments: [SegmentAllocation.prewritten, .asWritten])
  func flips(_ allocation: SegmentAllocation) async throws {
    let seeds = CrashScale.count(part: 0, whole: 1)
    let scenarios =
      [FixtureTests.steps] + (0..<seeds).map { RandomSteps.draw(40, seed: UInt64($0) + 100) }
    var count = 0
    for steps in scenarios {
      let (disk, model) = try await Self.makeLog(steps, allocation)
      let names = try disk.names(in: "/data/node/log").filter { $0.hasSuffix(".log") }
      #expect(names.count >= 2)
      var chance = SmallRandom(state: 7)
      for name in names {
        let path = "/data/node/log/" + name
        let bytes = try disk.readFile(at: path)
        let map = try Map(bytes)
        let step = CrashScale.count(part: 41, whole: 1)
        var places = stride(from: 0, to: map.structure.count, by: step).map {
          (map.structure[$0], $0 % 8)
        }
        let random = CrashScale.count(part: 30, whole: 2000) / names.count + 1
        for _ in 0..<random {
          places.append(
            (Int(chance.next(below: UInt64(bytes.count))), Int(chance.next(below: 8))))
        }
        for (offset, bit) in places {
          let copy = disk.copy()
          try copy.flip(bit: bit, at: offset, in: path)
          count += 1
          // The seal of an orderly close vouches for all before it, not for itself; and what lies
          // behind the records means nothing.
          let isVouched = offset < (name == names.last ? map.last : map.end)
          await Self.expectTold(
            copy, model, path, vouched: isVouched, allocation, "bit \(bit) of byte \(offset)")
        }
      }
    }
    CrashScale.report(count, of: "turned bits, \(allocation)")
  }

  private static func expectTold(
    _ disk: SimulatedFileSystem, _ model: StoreModel, _ path: String, vouched: Bool,
    _ allocation: SegmentAllocation, _ place: String
  ) async {
    do {
      let open = try await OpenStore.open(disk, segmentSize: 1400, allocation: allocation)
      do {
        #expect(try await open.contents() == model, "\(place) of \(path)")
        let damage = try await open.store.log.verify().damage
        #expect(damage.isEmpty == !vouched, "\(place) of \(path)")
        #expect(damage.allSatisfy { $0.message.contains(path) }, "\(place) of \(path)")
      } catch {
        await open.store.close()
        throw error
      }
      await open.store.close()
    } catch let error as StorageError {
      #expect(error.kind == .corrupted && vouched, "\(place) of \(path): \(error)")
      #expect(error.message.contains(path), "\(place) of \(path): \(error)")
    } catch {
      Issue.record("\(place) of \(path): \(error)")
    }
  }
}
