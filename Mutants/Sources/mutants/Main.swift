import Glibc
import Weaving

@main
enum Main {
  static func main() {
    do throws(MutantError) {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      exit(try Self.run(options))
    } catch {
      Hunt.say("mutants: \(error)")
      exit(64)
    }
  }

  private static func run(_ options: Options) throws(MutantError) -> Int32 {
    guard !options.wantsHelp else {
      print(Options.guide, terminator: "")
      return 0
    }
    var workshop = try Workshop(root: options.root)
    for name in options.only where !workshop.known.contains(where: { $0.name == name }) {
      throw MutantError("there is no Mutants/Known/\(name).mutant")
    }
    let document = try Files.text(of: "\(options.root)/Mutants/README.md")
    guard !options.isCheck else { return Self.check(workshop.known, document) }
    Hunt.say("weaving and building in \(workshop.folder)")
    try workshop.build(mechanical: options.mechanical, seed: options.seed)
    let hunt = Hunt(options: options, workshop: workshop)
    Hunt.say("running without a mutant")
    try hunt.checkUnchanged()
    let report = Report(
      known: try hunt.huntKnown(), mechanical: try hunt.huntMechanical(),
      skippedCount: workshop.skippedCount,
      explained: Explained(document: document))
    print(options.format == .json ? report.json : report.text, terminator: "")
    return report.isGood ? 0 : 1
  }

  /// All places are there; says whether all rows are.
  private static func check(_ known: [KnownMutant], _ document: String) -> Int32 {
    let faults = KnownTable(document: document).faults(beside: known)
    for fault in faults { Hunt.say("mutants: Mutants/README.md: \(fault)") }
    guard faults.isEmpty else { return 1 }
    print("\(known.count) known mutants, all places and all rows are there")
    return 0
  }
}
