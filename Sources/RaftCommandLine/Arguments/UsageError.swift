/// A command line that cannot be understood.
package struct UsageError: Error, Equatable {
  /// What is wrong, and what was expected.
  package let problem: String
  /// The verb whose help tells more; `nil` for the program's own.
  package let verb: String?
  /// The exit status: a word that makes no sense, or a value that cannot be used.
  package let code: ExitCode

  /// A mistake in the words behind a verb.
  package init(_ problem: String, verb: String? = nil, code: ExitCode = .usage) {
    self.problem = problem
    self.verb = verb
    self.code = code
  }

  /// What is wrong, and where to read more, as the program of this name says it.
  package func text(of program: String) -> String {
    guard self.code == .usage else { return self.problem }
    let topic = self.verb.map { " \($0)" } ?? ""
    return "\(self.problem)\nTry '\(program)\(topic) --help'."
  }
}

/// The name that was most likely meant, if there is one.
package func likelyMeant(_ word: String, among names: [String]) -> String? {
  let candidates = names.map { (name: $0, distance: editDistance(word, $0)) }
  guard let best = candidates.min(by: { $0.distance < $1.distance }),
    best.distance <= max(1, (word.count + 1) / 3)
  else { return nil }
  return best.name
}

/// How many letters must be added, removed or exchanged to turn one word into the other.
private func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var row = Array(0...right.count)
  for (number, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = number + 1
    for column in right.indices {
      let exchanged = diagonal + (letter == right[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(exchanged, diagonal + 1, row[column] + 1)
    }
  }
  return row[right.count]
}
