import Glibc
import Weaving

/// What the command line asks for.
struct Options {
  enum Format: String {
    case text
    case json
  }

  /// Show the guide, and nothing else.
  var wantsHelp = false
  /// Only see whether all places and all rows are still there.
  var isCheck = false
  /// The known mutants to run; empty for all.
  var only: [String] = []
  /// Run the mechanical mutants alone.
  var skipsKnown = false
  /// How many mechanical mutants to draw.
  var mechanical = 40
  var seed: UInt64 = 1
  var series = 5
  var seedsMax = 200
  var steps = 100_000
  var jobs = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  var format = Format.text
  /// The root of the repository.
  var root = "."

  static let guide = """
    mutants: do the simulator's checkers notice bugs?

    Builds the engine once with many bugs woven in, each behind a switch, and runs the simulator
    with one of them switched on at a time, until a checker notices.

      --only NAME        run this known mutant alone, and no mechanical ones; may stand repeatedly
      --skip-known       run the mechanical mutants alone
      --mechanical N     how many mechanical mutants to draw (40)
      --seed S           from which they are drawn (1)
      --series N         how many times to count seeds until a known mutant is found (5)
      --seeds N          after how many seeds to give a mutant up (200)
      --steps N          how long a run is (100000)
      --jobs N           how many runs go on at once (one for each core)
      --format F         text or json
      --check            only see whether every place in the sources is still there, and whether
                         the table in Mutants/README.md has a row for every known mutant
      --root PATH        where the repository lies (.)

    The exit status is 1 if a known mutant was not found, or fewer than 90 of 100 mechanical ones
    that break a rule, or a survivor is not explained in Mutants/README.md, or a row is wrong
    there, or a checker complains about the unchanged engine; 64 if the words make no sense or the
    bugs cannot be woven in.

    """

  init(_ words: [String]) throws(MutantError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h": self.wantsHelp = true
      case "--check": self.isCheck = true
      case "--only": self.only.append(try Self.value(of: word, &rest))
      case "--skip-known": self.skipsKnown = true
      case "--mechanical": self.mechanical = try Self.number(of: word, &rest, 0...1000)
      case "--seed": self.seed = UInt64(try Self.number(of: word, &rest, 0...Int.max))
      case "--series": self.series = try Self.number(of: word, &rest, 1...99)
      case "--seeds": self.seedsMax = try Self.number(of: word, &rest, 1...100_000)
      case "--steps": self.steps = try Self.number(of: word, &rest, 1...1_000_000_000)
      case "--jobs": self.jobs = try Self.number(of: word, &rest, 1...256)
      case "--root": self.root = try Self.value(of: word, &rest)
      case "--format":
        let value = try Self.value(of: word, &rest)
        guard let format = Format(rawValue: value) else {
          throw MutantError("--format is text or json, not '\(value)'")
        }
        self.format = format
      default: throw MutantError("unknown word '\(word)'; --help names those that there are")
      }
    }
    if !self.only.isEmpty { self.mechanical = 0 }
  }

  private static func value(
    of word: String, _ rest: inout ArraySlice<String>
  ) throws(MutantError) -> String {
    guard let value = rest.popFirst() else { throw MutantError("\(word) needs a value") }
    return value
  }

  private static func number(
    of word: String, _ rest: inout ArraySlice<String>, _ range: ClosedRange<Int>
  ) throws(MutantError) -> Int {
    let value = try Self.value(of: word, &rest)
    guard let number = Int(value), range.contains(number) else {
      throw MutantError("\(word) is a number from \(range.lowerBound), not '\(value)'")
    }
    return number
  }
}
