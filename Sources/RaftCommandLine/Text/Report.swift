/// What a verb has to say at its end.
package struct Report: Equatable, Sendable {
  /// For standard output, with the ends of its lines.
  package var output: String
  /// One line for standard error; `nil` for none.
  package var note: String?
  /// The exit status.
  package var code: ExitCode

  /// A report.
  package init(output: String = "", note: String? = nil, code: ExitCode = .done) {
    self.output = output
    self.note = note
    self.code = code
  }
}
