/// What a checker found: the broken property, and what shows it.
struct Finding: Error {
  let property: Property
  let evidence: String

  init(_ property: Property, _ evidence: String) {
    self.property = property
    self.evidence = evidence
  }
}
