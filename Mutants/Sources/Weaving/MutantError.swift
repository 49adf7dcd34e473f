/// Why mutants cannot be woven, built or run, and what to do about it.
package struct MutantError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
