/// The mechanical mutants that survive for good reasons, from a document.
///
/// An explanation begins with a line `### ` and the mutant's title in backquotes. If its text
/// begins with `Equivalent:` or `Allowed:`, the mutant breaks no rule of the protocol.
package struct Explained {
  private var titles: Set<String> = []
  private var equivalent: Set<String> = []

  package init(document: String) {
    var title: String?
    for line in document.split(separator: "\n") {
      if line.hasPrefix("### `") {
        title = String(line.dropFirst(5).prefix { $0 != "`" })
        self.titles.formUnion([title].compactMap(\.self))
      } else if let named = title {
        if line.hasPrefix("Equivalent:") || line.hasPrefix("Allowed:") {
          self.equivalent.insert(named)
        }
        title = nil
      }
    }
  }

  package func contains(_ mutant: MechanicalMutant) -> Bool { self.titles.contains(mutant.title) }

  /// Whether the mutant does what the original does, or something as right.
  package func isEquivalent(_ mutant: MechanicalMutant) -> Bool {
    self.equivalent.contains(mutant.title)
  }
}
