import Testing

@testable import Weaving

@Suite("Weaving")
struct WeavingTests {
  private let text = SourceText(
    path: "A.swift",
    text: """
      func one() -> Bool { a < b }
      func two() -> Bool {
        a < b
          && c
      }
      """)

  @Test("A text is found behind its anchor, whatever its line breaks are")
  func places() throws {
    let place = try self.text.place(of: "a < b && c", after: "func two()")
    #expect(self.text[place] == "a < b\n    && c")
    #expect(self.text.line(of: place.lowerBound) == 3)
    #expect(self.text.lineText(at: place.lowerBound) == "a < b")
  }

  @Test("A text that is gone or stands there twice is refused, with the file's name")
  func missing() {
    #expect(throws: MutantError("A.swift does not contain 'a > b' any more")) {
      try self.text.place(of: "a > b", after: nil)
    }
    #expect(throws: MutantError("A.swift contains 'a < b' more than once")) {
      try self.text.place(of: "a < b", after: nil)
    }
    #expect(throws: MutantError("A.swift does not contain 'func three()' any more")) {
      try self.text.place(of: "a < b", after: "func three()")
    }
  }

  @Test("Alternatives of one text and within one another all find room")
  func nested() throws {
    let text = SourceText(path: "A.swift", text: "x = a < b")
    let woven = try Loom.weave(
      [
        Graft(number: 1, range: 4..<9, change: .expression("true")),
        Graft(number: 2, range: 4..<9, change: .negated),
        Graft(number: 3, range: 6..<7, change: .operation(of: "<", .less)),
      ], into: text)
    #expect(
      woven == "x = (Mutation.active == 1 ? (true) : (((Mutation.active == 2) != (a ^^^~ b))))")
  }

  @Test("Alternatives that overlap are refused")
  func overlapping() {
    let text = SourceText(path: "A.swift", text: "a b c")
    #expect(throws: MutantError.self) {
      try Loom.weave(
        [
          Graft(number: 1, range: 0..<3, change: .dropped),
          Graft(number: 2, range: 2..<5, change: .dropped),
        ], into: text)
    }
  }

  @Test("Statements become branches")
  func statements() throws {
    let text = SourceText(path: "A.swift", text: "go()")
    let woven = try Loom.weave(
      [Graft(number: 7, range: 0..<4, change: .statements("stop()"))], into: text)
    #expect(woven == "if Mutation.active == 7 {\nstop()\n} else {\ngo()\n}")
  }
}

@Suite("Known mutants")
struct KnownMutantTests {
  @Test("A description names the bug and what is exchanged where")
  func reading() throws {
    let mutant = try KnownMutant(
      name: "m",
      text: """
        origin: somebody
        wrong: Something.

        file: A.swift
        after: func one()
        --- original
        a
        --- mutant
        b
        ---
        file: B.swift
        form: statements
        --- original
        c()
        --- mutant
        ---

        """)
    #expect(mutant.origin == "somebody" && mutant.wrong == "Something.")
    #expect(
      mutant.edits == [
        .init(
          file: "A.swift", anchor: "func one()", form: .expression, original: "a",
          replacement: "b"),
        .init(file: "B.swift", anchor: nil, form: .statements, original: "c()", replacement: ""),
      ])
  }

  @Test("A description that lacks a part says which")
  func missing() {
    #expect(throws: MutantError("m: the line 'origin: ...' is missing")) {
      try KnownMutant(name: "m", text: "wrong: x\nfile: A\n--- original\na\n--- mutant\nb\n---\n")
    }
    #expect(throws: MutantError("m: the line '---' is missing")) {
      try KnownMutant(
        name: "m", text: "origin: o\nwrong: x\nfile: A\n--- original\na\n--- mutant\nb\n")
    }
  }
}

@Suite("Mechanical mutants")
struct MechanicalMutantTests {
  private let text = SourceText(
    path: "A.swift",
    text: """
      func go() {
        // a < b
        guard a <= b, let c = d, e else { return }
        if f == g { count = count + 1 }
        precondition(a < b, "a < b")
      }
      """)

  @Test("Operators and conditions are found, and not in comments, literals and preconditions")
  func finding() {
    let found = MechanicalMutant.all(in: self.text).map { "\($0.wording): \(self.text[$0.range])" }
    #expect(
      found.sorted() == [
        "+ 1 becomes + 0: +", "<= becomes <: <=", "== becomes !=: ==",
        "condition dropped: a <= b", "condition dropped: e", "condition negated: a <= b",
        "condition negated: e", "condition negated: f == g",
      ])
  }

  @Test("The same seed draws the same mutants, each once")
  func drawing() {
    let all = MechanicalMutant.all(in: self.text)
    let drawn = MechanicalMutant.draw(5, of: all, seed: 3)
    #expect(drawn == MechanicalMutant.draw(5, of: all, seed: 3))
    #expect(MechanicalMutant.draw(100, of: all, seed: 4).count == all.count)
    #expect(Set(drawn.map(\.title)).count == 5)
    #expect(drawn != MechanicalMutant.draw(5, of: all, seed: 4))
  }

  @Test("What changes elsewhere draws no other mutants")
  func stableDrawing() {
    let all = MechanicalMutant.all(in: self.text)
    let drawn = MechanicalMutant.draw(5, of: all, seed: 3)
    let others = all.filter { !drawn.contains($0) }
    #expect(MechanicalMutant.draw(5, of: others.dropLast() + drawn, seed: 3) == drawn)
  }

  @Test("The compiler's errors lead back to the mutants in their lines")
  func errors() {
    let numbers = CompilerErrors.mutants(in: "/x/A.swift:3:1: error: no\n") { path, line in
      path == "/x/A.swift" && line == 3 ? "a ^^^~ (Mutation.active == 12 ? b : c)" : nil
    }
    #expect(numbers == [3, 12])
  }
}

@Suite("Explained survivors")
struct ExplainedTests {
  @Test("A document names survivors, and says which of them change nothing")
  func reading() throws {
    let text = SourceText(path: "A.swift", text: "guard a < b, c else { return }\n a < b\n")
    let all = MechanicalMutant.all(in: SourceText(path: "A.swift", text: " \(text[0..<32])"))
    let first = try #require(all.first { $0.wording == "condition dropped" })
    let other = try #require(all.last { $0.wording == "condition dropped" })
    let explained = Explained(
      document: "### `\(first.title)`\n\nEquivalent: so.\n\n### `\(other.title)`\n\nRare.\n")
    #expect(first.title != other.title)
    #expect(explained.contains(first) && explained.isEquivalent(first))
    #expect(explained.contains(other) && !explained.isEquivalent(other))
  }
}

@Suite("The table of known mutants")
struct KnownTableTests {
  private func mutant(_ name: String) throws -> KnownMutant {
    try KnownMutant(
      name: name,
      text: "origin: somebody\nwrong: x\nfile: A\n--- original\na\n--- mutant\nb\n---\n")
  }

  private let head = "| mutant | origin | seeds | found by |\n|---|---|---|---|\n"

  @Test("A table with one row for each mutant has no fault")
  func whole() throws {
    let table = KnownTable(
      document: self.head + "| `a` | somebody | 1 | liveness |\n| `b` | somebody | 92 | x, y |\n")
    #expect(table.faults(beside: [try self.mutant("a"), try self.mutant("b")]) == [])
  }

  @Test("A mutant without a row and a row without a mutant are faults")
  func missing() throws {
    let table = KnownTable(document: self.head + "| `b` | somebody | 1 | liveness |\n")
    #expect(
      table.faults(beside: [try self.mutant("a")]) == [
        "`a` has no row", "`b` has a row, and there is no Mutants/Known/b.mutant",
      ])
  }

  @Test("Two rows, another origin and empty cells are faults")
  func wrong() throws {
    let table = KnownTable(
      document: self.head + """
        | `a` | nobody | 1 | liveness |
        | `a` | somebody | 1 | liveness |
        | `b` | somebody | | liveness |
        | `c` | somebody | 1 | |
        """)
    #expect(
      table.faults(beside: try ["a", "b", "c"].map(self.mutant)) == [
        "`a` comes from 'somebody', not from 'nobody'", "`a` has two rows",
        "the row of `b` lacks its origin, its seeds, or who finds it",
        "the row of `c` lacks its origin, its seeds, or who finds it",
      ])
  }
}

@Suite("Outcomes")
struct OutcomeTests {
  @Test("What a runner printed tells who noticed, and after how many seeds")
  func reading() {
    #expect(
      Outcome(output: "seed 1\nseed 2\nfound log matching\nwhy\n", endedBy: nil)
        == Outcome(finder: .checker("log matching"), seedCount: 2))
    #expect(Outcome(output: "seed 1\n", endedBy: 4) == Outcome(finder: .crash, seedCount: 1))
    #expect(Outcome(output: "seed 1\n", endedBy: 27) == Outcome(finder: .hang, seedCount: 1))
    #expect(Outcome(output: "seed 1\n", endedBy: nil) == Outcome(finder: .nobody, seedCount: 1))
  }

  @Test("A seed in which the unchanged engine is found guilty does not find the mutant")
  func guilty() {
    let outcome = Outcome(
      output: "seed 7\nguilty liveness\nseed 8\nfound log matching\nwhy\n", endedBy: nil)
    #expect(
      outcome == Outcome(finder: .checker("log matching"), seedCount: 2, guiltySeeds: [7]))
    #expect(
      Outcome(output: "seed 7\nguilty liveness\n", endedBy: nil)
        == Outcome(finder: .nobody, seedCount: 1, guiltySeeds: [7]))
  }

  @Test("The median counts series that found nothing as later than all others")
  func median() {
    let found = Outcome(finder: .crash, seedCount: 3)
    let lost = Outcome(finder: .nobody, seedCount: 200)
    #expect(Findings([found, lost, found]).median == 3)
    #expect(Findings([found, lost, lost]).median == nil)
  }
}
