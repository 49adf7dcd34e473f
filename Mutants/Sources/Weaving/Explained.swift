/// The mechanical mutants that change nothing that matters, with the reasons, from a document.
///
/// An explanation begins with a line `### ` and the mutant's title in backquotes.
package struct Explained {
  private let titles: Set<String>

  package init(document: String) {
    let heads = document.split(separator: "\n").filter { $0.hasPrefix("### `") }
    self.titles = Set(heads.map { String($0.dropFirst(5).prefix { $0 != "`" }) })
  }

  package func contains(_ mutant: MechanicalMutant) -> Bool {
    self.titles.contains(mutant.title.filter { $0 != "`" })
  }
}
