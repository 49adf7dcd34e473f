import RaftCommandLine
import Testing

@Suite("The words of a command line")
struct ArgumentsTests {
  private static let guide = Guide(
    summary: "Paints a wall.", operands: ["WALL"],
    options: [
      Guide.Option("colour", "NAME", "What to paint it with."),
      Guide.Option("coats", "N", "How often. Default: 1."),
      Guide.Option("wet", nil, "Do not wait until it is dry.", group: "Haste"),
    ],
    text: "Walls stay where they are.", examples: ["paint it north --coats 2"])

  private func arguments(_ line: String) throws -> Arguments? {
    try Arguments(line.split(separator: " ").map(String.init), for: "it", Self.guide)
  }

  @Test("Options, flags and operands may come in any order")
  func anyOrder() throws {
    let arguments = try #require(try self.arguments("--coats=3 north --wet --colour red"))
    #expect(arguments.operands == ["north"])
    #expect(arguments.value("colour") == "red")
    #expect(try arguments.number("coats", in: 1...9) == 3)
    #expect(arguments.has("wet"))
    #expect(!arguments.has("primer"))
  }

  @Test("Behind two dashes everything is an operand, and help is none of it")
  func operands() throws {
    #expect(try self.arguments("-- --help")?.operands == ["--help"])
    #expect(try self.arguments("--help") == nil)
    #expect(try self.arguments("north -h") == nil)
  }

  @Test(
    "What cannot be understood is answered by what was expected",
    arguments: [
      ("", "WALL is missing"),
      ("a b", "'b' is one word too many"),
      ("a --color red", "unknown option --color; did you mean --colour?"),
      ("a --xyz", "unknown option --xyz; this verb knows --colour, --coats, --wet"),
      ("a --colour", "--colour needs a value: --colour NAME"),
      ("a --wet=yes", "--wet takes no value"),
      ("a --wet --wet", "--wet is given twice"),
    ])
  func refusals(line: String, problem: String) {
    #expect(throws: UsageError(problem, verb: "it")) { try self.arguments(line) }
  }

  @Test("A number out of its range is answered by the range")
  func numbers() throws {
    let arguments = try #require(try self.arguments("a --coats -1"))
    #expect(throws: UsageError("--coats must be a number from 0 upwards, not '-1'", verb: "it")) {
      try arguments.number("coats", in: 0...Int.max)
    }
    #expect(throws: UsageError("--coats must be a number from 1 to 9, not '-1'", verb: "it")) {
      try arguments.number("coats", in: 1...9)
    }
    #expect(try arguments.number("colour", in: 1...9) == nil)
  }

  @Test("Without a guide, operands are as many as come")
  func withoutGuide() throws {
    let arguments = try Arguments(
      ["1", "--to", "4", "2", "--fast"], options: ["to"], flags: ["fast"])
    #expect(arguments.operands == ["1", "2"])
    #expect(arguments.value("to") == "4")
    #expect(arguments.has("fast"))
    #expect(throws: UsageError("--to needs a value")) { try Arguments(["--to"], options: ["to"]) }
  }

  @Test(
    "Numbers may have a suffix",
    arguments: [("4096", 4096), ("20k", 20_000), ("3M", 3_000_000), ("1g", 1_000_000_000)])
  func magnitudes(text: String, number: Int) throws {
    #expect(try Magnitude.number(text, of: "--n", in: 1...Int.max) == number)
  }

  @Test(
    "What is no number or too large a one is refused", arguments: ["", "k", "12q", "99999999999g"])
  func noMagnitudes(text: String) {
    #expect(throws: UsageError.self) { try Magnitude.number(text, of: "--n", in: 1...Int.max) }
  }

  @Test("A mistake names the help that tells more; a value that cannot be used does not")
  func texts() {
    #expect(UsageError("no", verb: "it").text(of: "paint") == "no\nTry 'paint it --help'.")
    #expect(UsageError("no").text(of: "paint") == "no\nTry 'paint --help'.")
    #expect(UsageError("no", code: .unusable).text(of: "paint") == "no")
  }

  @Test("The help names everything, in groups")
  func help() {
    #expect(
      Self.guide.help(for: "it", of: "paint") == """
        Paints a wall.

        Usage: paint it WALL [options]

        Options:
          --colour NAME  What to paint it with.
          --coats N      How often. Default: 1.
          --help         This text.

        Haste:
          --wet          Do not wait until it is dry.

        Walls stay where they are.

        Examples:
          paint it north --coats 2

        """)
    #expect(
      Guide.list(of: [("it", Self.guide), ("all", Self.guide)]) == """
          it   Paints a wall.
          all  Paints a wall.

        """)
  }
}
