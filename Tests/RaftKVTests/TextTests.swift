import Glibc
import RaftCommandLine
import Testing

@testable import raft_kv

@Suite("Texts to load")
struct TextTests {
  /// Writes files into a fresh folder, lends it, and removes it.
  private func withFolder(
    _ files: [(String, [UInt8])], _ body: (String) throws -> Void
  ) throws {
    let folder = try TemporaryFolder(prefix: "raft-kv-tests-")
    defer { folder.remove() }
    for (name, content) in files {
      let path = "\(folder.path)/\(name)"
      let parts = name.split(separator: "/").dropLast()
      for count in 0..<parts.count {
        mkdir("\(folder.path)/" + parts.prefix(count + 1).joined(separator: "/"), 0o700)
      }
      let file = try #require(fopen(path, "w"))
      _ = content.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
      fclose(file)
    }
    try body(folder.path)
  }

  private func lines(of source: LineSource) -> [Line] {
    var lines: [Line] = []
    while let line = source.next() { lines.append(line) }
    return lines
  }

  @Test("Every line of every file has its place as key, in order, byte for byte")
  func lines() throws {
    let files: [(String, [UInt8])] = [
      ("b.txt", Array("one\n\n two\r\nend".utf8)), ("a/deep/x.md", Array("caf\u{E9}\n".utf8)),
      ("empty", []),
    ]
    try self.withFolder(files) { folder in
      let source = try LineSource(path: folder + "/")
      let name = folder.split(separator: "/").last ?? ""
      #expect(source.census == LineSource.Census(files: 3, lines: 5))
      #expect(
        self.lines(of: source) == [
          Line(key: "\(name)/a/deep/x.md:1", text: "caf\u{E9}"),
          Line(key: "\(name)/b.txt:1", text: "one"), Line(key: "\(name)/b.txt:2", text: ""),
          Line(key: "\(name)/b.txt:3", text: " two\r"), Line(key: "\(name)/b.txt:4", text: "end"),
        ])
      #expect(source.next() == nil)
    }
  }

  @Test("What is hidden, linked, no text or too long is passed over and counted")
  func passedOver() throws {
    let files: [(String, [UInt8])] = [
      (".hidden", Array("x\n".utf8)), (".git/config", Array("x\n".utf8)),
      ("binary", [0x61, 0, 0x62]), ("latin1", [0x63, 0xE9, 0x0A]),
      ("long", Array(repeating: 0x61, count: LineSource.lineMax + 1) + Array("\nshort".utf8)),
    ]
    try self.withFolder(files) { folder in
      #expect(symlink("\(folder)/long", "\(folder)/link") == 0)
      #expect(symlink(folder, "\(folder)/circle") == 0)
      let source = try LineSource(path: folder)
      #expect(
        source.census == LineSource.Census(files: 1, lines: 1, otherFiles: 2, longLines: 1))
      let lines = self.lines(of: source)
      #expect(lines.map(\.text) == ["short"])
      #expect(lines.first?.key.hasSuffix("/long:2") == true)
    }
  }

  @Test("A single file is loaded under its own name")
  func singleFile() throws {
    try self.withFolder([("notes.txt", Array("only".utf8))]) { folder in
      let source = try LineSource(path: "\(folder)/notes.txt")
      #expect(self.lines(of: source) == [Line(key: "notes.txt:1", text: "only")])
    }
  }

  @Test("A path that is not there is told")
  func missing() {
    let failure = #expect(throws: Failure.self) { try LineSource(path: "/no/such/path") }
    #expect(failure?.code == .unusable)
    #expect(failure?.message == "/no/such/path cannot be read: No such file or directory")
  }

  @Test("Files keep their names from the last part of the path on")
  func labels() {
    #expect(TextTree.label(of: "/a/Sources/x/y.swift", under: "/a/Sources") == "Sources/x/y.swift")
    #expect(TextTree.label(of: "./x.txt", under: ".") == "x.txt")
    #expect(TextTree.label(of: "../x/y", under: "..") == "x/y")
    #expect(TextTree.label(of: "/etc/hosts", under: "/") == "etc/hosts")
    #expect(TextTree.label(of: "a/b.txt", under: "a/b.txt") == "b.txt")
  }
}
