import Weaving

/// Copies the engine and the simulator, weaves the mutants in, and builds them.
struct Workshop {
  let root: String
  /// Where the copy lies.
  var folder: String { "\(self.root)/.build/mutants" }
  var runner: String { "\(self.folder)/.build/release/mutant-runner" }

  /// The known mutants, sorted by name; their numbers begin with 1.
  let known: [KnownMutant]
  /// The mechanical ones that were drawn; their numbers follow.
  private(set) var mechanical: [MechanicalMutant] = []
  /// How many of the drawn ones did not compile.
  private(set) var skippedCount = 0
  private var grafts: [String: [Graft]] = [:]
  private var texts: [String: SourceText] = [:]

  /// The files from which mechanical mutants are drawn: votes, commit, membership and log.
  static let mechanicalFiles = [
    "Engine/Engine+Election.swift", "Engine/Engine+Following.swift", "Engine/Engine+Leading.swift",
    "Engine/Engine+Membership.swift", "Engine/Engine+Storage.swift", "Engine/IOCursor.swift",
    "Log/LogIDList.swift", "Membership/Membership.swift", "Membership/MembershipState.swift",
    "Progress/Progress.swift", "Quorum/Quorum.swift", "Vocabulary/LeadershipRule.swift",
  ].map { "Sources/RaftEngine/\($0)" }

  init(root: String) throws(MutantError) {
    self.root = root
    let folder = "\(root)/Mutants/Known"
    var known: [KnownMutant] = []
    for file in try Files.names(below: folder, ending: ".mutant") {
      known.append(
        try KnownMutant(
          name: String(file.dropLast(7)), text: try Files.text(of: "\(folder)/\(file)")))
    }
    self.known = known
    for (place, mutant) in known.enumerated() {
      for edit in mutant.edits { try self.graft(edit, of: mutant.name, number: place + 1) }
    }
    for (path, grafts) in self.grafts {
      _ = try Loom.weave(grafts, into: try self.text(path))
    }
  }

  private mutating func text(_ path: String) throws(MutantError) -> SourceText {
    if let known = self.texts[path] { return known }
    let text = SourceText(path: path, text: try Files.text(of: "\(self.root)/\(path)"))
    self.texts[path] = text
    return text
  }

  private mutating func graft(
    _ edit: KnownMutant.Edit, of name: String, number: Int
  ) throws(MutantError) {
    do {
      let range = try self.text(edit.file).place(of: edit.original, after: edit.anchor)
      let change: Graft.Change =
        edit.form == .expression ? .expression(edit.replacement) : .statements(edit.replacement)
      self.grafts[edit.file, default: []].append(
        Graft(number: number, range: range, change: change))
    } catch {
      throw MutantError("\(error); correct Mutants/Known/\(name).mutant")
    }
  }

  // MARK: Building

  /// Draws mechanical mutants, weaves, and builds; mutants that do not compile make room for others.
  mutating func build(mechanical count: Int, seed: UInt64) throws(MutantError) {
    var candidates: [MechanicalMutant] = []
    for path in Self.mechanicalFiles { candidates += MechanicalMutant.all(in: try self.text(path)) }
    var drawn = MechanicalMutant.draw(candidates.count, of: candidates, seed: seed)
    drawn.removeAll { mutant in
      let graft = Graft(number: 0, range: mutant.range, change: mutant.change)
      return Loom.fitting([graft], beside: self.grafts[mutant.file] ?? []).isEmpty
    }
    for _ in 0..<8 {
      self.mechanical = Array(drawn.prefix(count))
      try self.writeCopy()
      guard let broken = try self.compile() else { return }
      let refused = Set(self.mechanical.indices.filter { broken.contains(self.number(of: $0)) })
      guard !refused.isEmpty else {
        throw MutantError("the woven sources do not compile; see \(self.folder)/build.txt")
      }
      self.skippedCount += refused.count
      drawn = drawn.indices.filter { !refused.contains($0) }.map { drawn[$0] }
    }
    throw MutantError("too many mutants do not compile; see \(self.folder)/build.txt")
  }

  /// The number of the mechanical mutant at this place.
  func number(of place: Int) -> Int { self.known.count + 1 + place }

  private func writeCopy() throws(MutantError) {
    try Files.write(Self.manifest, to: "\(self.folder)/Package.swift")
    var grafts = self.grafts
    var operations: [(Int, MechanicalMutant.Operation)] = []
    for (place, mutant) in self.mechanical.enumerated() {
      grafts[mutant.file, default: []].append(
        Graft(number: self.number(of: place), range: mutant.range, change: mutant.change))
      if case .operation(_, let operation) = mutant.change {
        operations.append((self.number(of: place), operation))
      }
    }
    for module in ["RaftEngine", "RaftSimulator"] {
      let names = try Files.names(below: "\(self.root)/Sources/\(module)", ending: ".swift")
      // Nodes with their runtime, pages about runs, and what plays a script, are no part of this.
      let taken = names.filter { name in
        name == "Transcript/MessageRules.swift"
          || !["Node/", "Report/", "Failover/", "Transcript/", "Shrinking/Shrinking.swift"].contains
          { name.hasPrefix($0) }
      }
      for name in try self.copied(module)
      where !taken.contains(name) && name != "Mutation.swift" && name != "Unscripted.swift" {
        Files.remove("\(self.folder)/Sources/\(module)/\(name)")
      }
      for name in taken {
        let path = "Sources/\(module)/\(name)"
        let text = SourceText(path: path, text: try Files.text(of: "\(self.root)/\(path)"))
        try Files.write(
          try Loom.weave(grafts[path] ?? [], into: text), to: "\(self.folder)/\(path)")
      }
    }
    try Files.write(
      SwitchSource.text(operations: operations),
      to: "\(self.folder)/Sources/RaftEngine/Mutation.swift")
    // The simulator's traces name the vocabulary by its public face; the runtime is left out.
    try Files.write(
      "@_exported public import RaftEngine\n", to: "\(self.folder)/Sources/Raft/Raft.swift")
    try Files.write(
      try Files.text(of: "\(self.root)/Mutants/Runner/Unscripted.swift"),
      to: "\(self.folder)/Sources/RaftSimulator/Unscripted.swift")
    try Files.write(
      try Files.text(of: "\(self.root)/Mutants/Runner/Main.swift"),
      to: "\(self.folder)/Sources/mutant-runner/Main.swift")
  }

  private func copied(_ module: String) throws(MutantError) -> [String] {
    (try? Files.names(below: "\(self.folder)/Sources/\(module)", ending: ".swift")) ?? []
  }

  /// Builds; `nil` if that succeeds, else the mutants in whose lines the compiler found errors.
  private func compile() throws(MutantError) -> Set<Int>? {
    let log = "\(self.folder)/build.txt"
    let words = [
      "swift", "build", "--configuration", "release", "--package-path", self.folder, "--jobs", "2",
    ]
    guard try Child.await(try Child.start(words, outputTo: log)).end != .exited(0) else {
      return nil
    }
    return CompilerErrors.mutants(in: try Files.text(of: log)) { path, line in
      guard let text = try? Files.text(of: path) else { return nil }
      return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(line - 1).first
        .map(String.init)
    }
  }

  private static let manifest = """
    // swift-tools-version: 6.2
    import PackageDescription

    let house: [SwiftSetting] = [
      .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .unsafeFlags(["-enforce-exclusivity=unchecked", "-suppress-warnings"]),
    ]

    let package = Package(
      name: "woven",
      targets: [
        .target(name: "RaftEngine", swiftSettings: house),
        .target(name: "Raft", dependencies: ["RaftEngine"], swiftSettings: house),
        .target(name: "RaftSimulator", dependencies: ["Raft", "RaftEngine"], swiftSettings: house),
        .executableTarget(
          name: "mutant-runner", dependencies: ["RaftEngine", "RaftSimulator"],
          swiftSettings: house),
      ]
    )

    """
}
