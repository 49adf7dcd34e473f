/// Which mutants a compiler complains about.
package enum CompilerErrors {
  /// The numbers of the mutants in the lines that the compiler's errors name.
  package static func mutants(
    in log: String, line: (_ path: String, _ number: Int) -> String?
  ) -> Set<Int> {
    var numbers: Set<Int> = []
    for message in log.split(separator: "\n") where message.contains(": error:") {
      let parts = message.split(separator: ":", maxSplits: 3)
      guard parts.count == 4, let number = Int(parts[1]),
        let text = line(String(parts[0]), number)
      else { continue }
      numbers.formUnion(Self.mutants(inLine: text))
    }
    return numbers
  }

  /// The mutants whose switch or operator stands in a woven line.
  static func mutants(inLine line: String) -> Set<Int> {
    var numbers: Set<Int> = []
    for part in line.split(separator: "Mutation.active == ").dropFirst() {
      if let number = Int(part.prefix(while: \.isNumber)) { numbers.insert(number) }
    }
    for word in line.split(separator: " ")
    where word.count > 2 && word.allSatisfy({ $0 == "^" || $0 == "~" }) {
      let digits = String(word.dropFirst().dropLast().map { $0 == "~" ? "0" : "1" })
      if let number = Int(digits, radix: 2) { numbers.insert(number) }
    }
    return numbers
  }
}
