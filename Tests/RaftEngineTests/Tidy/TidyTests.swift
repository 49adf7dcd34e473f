import TestPace
import Testing

/// The rules of the house that a reader would otherwise have to remember.
@Suite("The house is tidy", .longRun)
struct TidyTests {
  /// For each target, the targets of lower floors that it may import.
  private static let floors: [String: Set<String>] = {
    let runtime: Set = ["RaftEngine", "Raft", "RaftConcurrency"]
    let http: Set = ["RaftSockets", "RaftHTTP"]
    return [
      "CRaftEpoll": [],
      "CRaftChecksum": [],
      "CRaftFiles": [],
      "CRaftBench": [],
      "CRaftSanitizer": [],
      "CRaftFaults": [],
      "CRocksDB": [],
      "RaftConcurrency": [],
      "RaftEngine": [],
      "RaftFiles": ["CRaftFiles"],
      "RaftJSON": [],
      "RaftSockets": ["CRaftEpoll", "RaftConcurrency"],
      "Raft": ["RaftEngine", "RaftConcurrency"],
      "RaftHTTP": ["RaftSockets"],
      "RaftCodec": ["RaftEngine", "CRaftChecksum"],
      "RaftMemoryStore": runtime.union(["RaftCodec"]),
      "RaftFileStore": runtime.union(["RaftCodec", "RaftFiles"]),
      "RaftRocksDBStore": runtime.union(["RaftCodec", "RaftFiles", "CRocksDB"]),
      "RaftStoreCoding": runtime.union(["RaftCodec"]),
      "RaftHTTPTransport": runtime.union(http).union(["RaftJSON", "RaftCodec"]),
      "RaftStoreTesting": runtime.union(["RaftFiles", "RaftMemoryStore"]),
      "RaftSimulator": runtime.union(["RaftMemoryStore"]),
      "RaftCommandLine": ["RaftConcurrency"],
      "SensorFleetModel": ["RaftJSON"],
      "raft-sim": ["Raft", "RaftSimulator", "RaftCommandLine"],
      "raft-bench": runtime.union([
        "RaftMemoryStore", "RaftFileStore", "RaftFiles", "RaftJSON", "RaftCommandLine",
        "CRaftBench", "RaftRocksDBStore", "CRocksDB",
      ]),
      // Executables use what the package offers to everybody, JSON, the lock, and what command
      // lines have in common.
      "raft-kv": [
        "Raft", "RaftMemoryStore", "RaftFileStore", "RaftFiles", "RaftHTTP", "RaftHTTPTransport",
        "RaftJSON", "RaftConcurrency", "RaftCommandLine", "RaftRocksDBStore",
      ],
      "raft-chaos": [
        "Raft", "RaftSimulator", "RaftFiles", "RaftHTTP", "RaftHTTPTransport", "RaftJSON",
        "RaftConcurrency", "RaftCommandLine",
      ],
      "raftctl": ["Raft", "RaftFileStore", "RaftHTTPTransport", "RaftJSON", "RaftCommandLine"],
      "sensor-fleet": [
        "Raft", "RaftFileStore", "RaftFiles", "RaftHTTP", "RaftHTTPTransport", "RaftJSON",
        "RaftConcurrency", "RaftCommandLine", "SensorFleetModel",
      ],
    ]
  }()

  /// What no library imports: it would draw in more than a server wants to carry.
  private static let heavy: Set = ["Foundation", "FoundationNetworking", "Dispatch"]

  @Test("The checks see the files that they are about")
  func filesAreSeen() throws {
    let files = try Self.swift()
    let own = try #require(files.first { $0.name == "TidyTests.swift" })
    #expect(own.imports == ["TestPace", "Testing"])
    #expect(files.contains { $0.path == "Sources/RaftEngine/Log/LogIDList.swift" })
    #expect(try SourceTree.files(in: "Sources/RaftFiles").contains { $0.imports == ["Glibc"] })
  }

  @Test("No file is longer than 400 lines")
  func fileLengths() throws {
    for file in try Self.everything() {
      #expect(file.lines.count <= 401, "\(file) has \(file.lines.count - 1) lines: split it")
    }
  }

  @Test("No file has a name that says nothing")
  func fileNames() throws {
    for file in try Self.everything() {
      for word in ["Util", "Helper", "Manager", "Common", "Misc", "Impl"] {
        #expect(!file.name.contains(word), "\(file): name it after what it holds")
      }
    }
  }

  @Test("Nothing is left for later")
  func nothingLeftOpen() throws {
    let marks = ["TO" + "DO", "FIX" + "ME"]
    for file in try Self.everything() {
      for (number, line) in file.lines.enumerated() {
        for mark in marks {
          #expect(!line.contains(mark), "\(file):\(number + 1): finish it or open an issue")
        }
      }
    }
  }

  @Test("Nothing sleeps: waiting is for a condition, with a deadline")
  func nothingSleeps() throws {
    for file in try Self.swift() {
      for (number, line) in file.code.enumerated() {
        let words = SourceWords(line)
        let sleeps =
          line.contains("Task.sleep") || line.contains("Thread.sleep")
          || words.calls("usleep") || words.calls("nanosleep")
          || (words.calls("sleep") && !line.contains(".sleep(") && !line.contains("func sleep("))
        #expect(!sleeps, "\(file):\(number + 1): \(line)")
      }
    }
  }

  @Test("A target imports only targets of lower floors")
  func imports() throws {
    let targets = try SourceTree.names(in: "Sources")
    for target in targets {
      let allowed = try #require(Self.floors[target], "\(target) has no floor yet: give it one")
      for file in try SourceTree.files(in: "Sources/\(target)") {
        for module in file.imports {
          let isOurs = targets.contains(module)
          #expect(!isOurs || allowed.contains(module), "\(file) imports \(module)")
          #expect(!Self.heavy.contains(module), "\(file) imports \(module)")
        }
      }
    }
  }

  @Test("The floors have no circle")
  func floorsHaveNoCircle() {
    var below: Set<String> = []
    while case let next = Self.floors.filter({ $0.value.isSubset(of: below) }).map(\.key),
      below.count < next.count
    {
      below = Set(next)
    }
    #expect(below == Set(Self.floors.keys))
  }

  @Test("The engine is pure: no imports, no clock, no waiting, no printing, no unordered walks")
  func engineIsPure() throws {
    for file in try SourceTree.files(in: "Sources/RaftEngine") {
      #expect(file.imports == [], "\(file) imports something")
      for (number, line) in file.code.enumerated() {
        if let impurity = Self.impurity(of: line, in: file) {
          Issue.record("\(file):\(number + 1): \(impurity): \(line)")
        }
      }
    }
  }

  @Test(
    "The search for impurities finds them",
    arguments: [
      "print(engine)", "func wait() async {", "await reply", "Task { }", "let now: Date",
      "var peers: Set<NodeID>", "Set(peers)", "var places: [NodeID: Int]", "= [:]",
      "Dictionary(grouping: a)", "Int.random(in: 0..<3)", "peers.shuffled()", "id.hashValue",
      "ContinuousClock.now",
    ])
  func searchFindsImpurities(line: String) {
    let file = SourceFile(path: "Sources/RaftEngine/Engine/Engine.swift", text: line)
    #expect(Self.impurity(of: file.code[0], in: file) != nil)
  }

  @Test(
    "The search for impurities passes what is pure",
    arguments: [
      "// print(engine) and await", "let text = \"await Task\"", "Int.random(in: 0..<3, using: &g)",
      "self.updateDate2", "let reprint = 3", "peers[at: index]", "[String]()", "offSet()",
    ])
  func searchPassesPurity(line: String) {
    let file = SourceFile(path: "Sources/RaftEngine/Engine/Engine.swift", text: line)
    #expect(Self.impurity(of: file.code[0], in: file) == nil)
  }

  @Test("The map of the house names every target")
  func architectureNamesTargets() throws {
    guard SourceTree.exists("ARCHITECTURE.md") else { return }
    let map = try SourceTree.text(of: "ARCHITECTURE.md")
    for target in try SourceTree.names(in: "Sources") {
      #expect(map.contains(target), "ARCHITECTURE.md does not say what \(target) is for")
    }
  }

  /// What of a line of the engine depends on more than its inputs; `nil` if nothing does.
  private static func impurity(of line: String, in file: SourceFile) -> String? {
    let words = SourceWords(line)
    for word in ["async", "await", "Task", "Date", "Clock", "ContinuousClock", "SuspendingClock"]
    where words.contains(word) {
      return word
    }
    for word in ["print", "debugPrint", "dump"] where words.calls(word) { return "printing" }
    for word in ["random", "randomElement", "shuffle", "shuffled"]
    where words.calls(word) && !line.contains("using:") {
      return "randomness of the system"
    }
    if words.contains("hashValue") { return "a hash, which differs from process to process" }
    let isUnordered =
      words.contains("Set") || words.contains("Dictionary") || line.contains("[:]")
      || line.contains(/\[[A-Z][A-Za-z0-9.]*\??\s*:\s/)
    if isUnordered, file.name != "Member.swift" { return "an order that differs every time" }
    return nil
  }

  private static func swift() throws -> [SourceFile] {
    try ["Sources", "Tests"].flatMap { try SourceTree.files(in: $0) }
  }

  private static func everything() throws -> [SourceFile] {
    try ["Sources", "Tests"].flatMap {
      try SourceTree.files(in: $0, endings: [".swift", ".c", ".h", ".md"])
    }
  }
}

/// The words of a line of code: runs of letters, digits and underscores.
private struct SourceWords {
  private let words: [Substring]
  private let line: String

  init(_ line: String) {
    self.line = line
    self.words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }

  func contains(_ word: String) -> Bool {
    self.words.contains(word[...])
  }

  /// Whether the word stands right before an opening parenthesis.
  func calls(_ word: String) -> Bool {
    self.contains(word) && self.line.contains("\(word)(")
  }
}

extension SourceFile {
  /// The modules that the file imports.
  fileprivate var imports: [String] {
    self.code.compactMap { line in
      let words = line.split { $0 == " " || $0 == "." }
      guard let keyword = words.firstIndex(of: "import"),
        words[..<keyword].allSatisfy({ $0.hasPrefix("@") || $0.allSatisfy(\.isLowercase) })
      else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias"]
      return words[words.index(after: keyword)...].first { !kinds.contains($0) }.map(String.init)
    }
  }
}
