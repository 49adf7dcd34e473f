import Raft
import RaftCommandLine
import RaftFileStore
import RaftJSON
import Testing

@testable import raftctl

@Suite("raftctl shows what a folder holds, and tells damage by its exit status")
struct VerbTests {
  private static let payloads: [[UInt8]] =
    [Array("set a=1".utf8), [0, 1, 255], [], Array("größe".utf8)]
    + (0..<8).map { _ in [UInt8](repeating: 120, count: 400) }

  private static func report(_ words: String...) throws -> Report {
    try Invocation(words).perform()
  }

  @Test("A log is shown with its owner, its vote, its entries and its files")
  func inspects() async throws {
    try await FolderUnderTest.with(Self.payloads) { folder in
      let table = try Self.report("log", "inspect", folder.path)
      #expect(table.code == .done)
      for text in ["node 3", "T2-N3", "entries     13 entries: 0 to 12", "sealed", "active"] {
        #expect(table.output.contains(text), "\(text) in \(table.output)")
      }
      let json = try JSON(
        parsing: try Self.report(
          "log", "inspect", folder.path, "--format", "json"
        ).output)
      #expect(json["sound"] == true)
      #expect(json["node_id"] == 3)
      #expect(json["last_log_id"]?["index"] == 12)
      #expect(json["first_index"] == 0)
      #expect(json["snapshot"]?["index"] == 0)
      #expect(json["membership"]?["configs"]?[0]?[0] == 3)
      #expect(json["files"]?[0]?["first_index"] == 0)
    }
  }

  @Test("A sound log is verified with status 0, a damaged one told with file and place, status 1")
  func verifies() async throws {
    try await FolderUnderTest.with(Self.payloads) { folder in
      let sound = try Self.report("log", "verify", folder.path)
      #expect(sound.code == .done && sound.output.hasPrefix("sound: "))
      let path = try folder.segments[0]
      try folder.flip(at: 128 + 64 + 70, in: path)
      let damaged = try Self.report("log", "verify", folder.path)
      #expect(damaged.code == .failed)
      #expect(damaged.output.contains("DAMAGED \(path), byte 192: "))
      #expect(damaged.output.contains(StoreDamage.advice))
      let json = try JSON(
        parsing: try Self.report("log", "verify", folder.path, "--format", "json").output)
      #expect(json["sound"] == false)
      #expect(json["damage"]?[0]?["path"] == JSON.string(path))
      #expect(json["damage"]?[0]?["offset"] == 192)
    }
  }

  @Test("Entries are printed as text where they are text, else in digits")
  func dumps() async throws {
    try await FolderUnderTest.with(Self.payloads) { folder in
      let table = try self.dump("log", "dump", folder.path, "--limit", "6", "--bytes", "6")
      #expect(table.report.note == "more follows: go on with --from 6")
      let lines = table.text.split(separator: "\n")
      #expect(lines.count == 7)
      #expect(lines[1].contains("membership"))
      #expect(lines[2].hasSuffix("7  \"set a=\"…"))
      #expect(lines[3].hasSuffix("3  0001ff"))
      #expect(lines[4].hasSuffix("0"))
      // The sixth byte lies within a letter.
      #expect(lines[5].hasSuffix("7  \"größ\"…"))
      let json = try self.dump(
        "log", "dump", folder.path, "--from", "1", "--through", "5", "--format", "json")
      let values = try json.text.split(separator: "\n").map { try JSON(parsing: String($0)) }
      #expect(values.count == 5)
      #expect(values[0]["text"] == "set a=1")
      #expect(values[1]["hex"] == "0001ff")
      #expect(values[4]["bytes"] == 400)
      #expect(values.map { $0["log_id"]?["index"] } == [1, 2, 3, 4, 5])
    }
  }

  @Test("Entries that are not there are refused, and damaged ones told with where to go on")
  func dumpsWhatIsThere() async throws {
    try await FolderUnderTest.with(Self.payloads) { folder in
      #expect { try self.dump("log", "dump", folder.path, "--from", "99") } throws: {
        ($0 as? Failure)?.code == .noMatch
      }
      // The first entry's record, behind a seal, the cluster and the vote.
      try folder.flip(at: 128 + 64 + 88 + 88 + 70, in: try folder.segments[0])
      let view = try FileStoreView.open(directory: folder.path)
      let next = try #require(view.log.segments[1].entries?.lowerBound)
      view.close()
      #expect { try self.dump("log", "dump", folder.path) } throws: {
        guard let failure = $0 as? Failure else { return false }
        return failure.code == .failed && failure.message.hasSuffix("go on with --from \(next)")
      }
      let rest = try self.dump("log", "dump", folder.path, "--from", "\(next)")
      #expect(rest.text.split(separator: "\n").count == 1 + 13 - Int(next.rawValue))
    }
  }

  /// What a dump writes on its way.
  private final class Written {
    var text = ""
  }

  private func dump(_ words: String...) throws -> (text: String, report: Report) {
    guard case .dumpLog(let options) = try Invocation(words) else { return ("", Report()) }
    let written = Written()
    let report = try DumpVerb(options: options) { written.text += $0 }.dump()
    return (written.text, report)
  }

  @Test("Snapshots are shown, and damage to their content is told when it is read")
  func inspectsSnapshots() async throws {
    try await FolderUnderTest.with([]) { folder in
      let sound = try Self.report("snapshot", "inspect", folder.path, "--content")
      #expect(sound.code == .done && sound.output.contains("T2-N3.0  sound"))
      let path = "\(folder.path)/snapshots/00000000000000000001.snapshot"
      let json = try JSON(
        parsing: try Self.report("snapshot", "inspect", folder.path, "--format=json").output)
      #expect(json[0]?["path"] == JSON.string(path))
      #expect(json[0]?["content_bytes"] == 3)
      let size = try #require(json[0]?["bytes"])
      guard case .number(let number) = size, let end = number.integer(as: Int.self) else {
        Issue.record("\(size)")
        return
      }
      // The last byte of the content, before the 48 of the end.
      try folder.flip(at: end - 49, in: path)
      #expect(try Self.report("snapshot", "inspect", folder.path).code == .done)
      let damaged = try Self.report("snapshot", "inspect", folder.path, "--content")
      #expect(damaged.code == .failed && damaged.output.contains("DAMAGED \(path), byte "))
    }
  }

  @Test("A folder that cannot be used is told so, with status 2")
  func refusesFolders() async throws {
    try await FolderUnderTest.with([]) { folder in
      let store = try await FileStore.open(directory: folder.path, node: 3)
      #expect { try Self.report("log", "inspect", folder.path) } throws: {
        guard let failure = $0 as? Failure else { return false }
        return failure.code == .unusable && failure.message.contains("uses the store in")
      }
      await store.close()
      #expect { try Self.report("log", "inspect", folder.path + "/log") } throws: {
        ($0 as? Failure)?.code == .unusable
      }
    }
  }
}
