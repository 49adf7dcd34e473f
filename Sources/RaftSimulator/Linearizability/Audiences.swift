/// For every value that a register can hold only once: who saw it and is not placed yet.
///
/// While such steps are left, no other change may follow, because the value does not come back.
struct Audiences {
  /// The audience of the register that was never written.
  let ofAbsence = 0
  /// How many steps of each audience are left.
  private var left: [Int] = [0]
  /// For each step that must be placed, the audience that it belongs to.
  private var seen: [Int?]
  /// For each step, the audience of the value that it writes; `nil` if others write it too.
  private var written: [Int?]

  init(in history: KeyHistory) {
    self.seen = Array(repeating: nil, count: history.steps.count)
    self.written = Array(repeating: nil, count: history.steps.count)
    var audiences: [UInt64: Int?] = [:]
    for (index, step) in history.steps.enumerated() {
      guard let value = step.written else { continue }
      if audiences.updateValue(self.left.count, forKey: value) != nil {
        audiences.updateValue(nil, forKey: value)
      }
      self.written[index] = self.left.count
      self.left.append(0)
    }
    for (index, step) in history.steps.enumerated() {
      guard let value = step.written, (audiences[value] ?? nil) == nil else { continue }
      self.written[index] = nil
    }
    let versions = KnownVersions(in: history.steps)
    for (index, step) in history.steps.enumerated() where step.isRequired {
      guard let state = versions.stateBefore(step) else { continue }
      self.seen[index] = state.value.map { audiences[$0] ?? nil } ?? self.ofAbsence
      self.enter(index)
    }
  }

  /// The audience of the value that a change writes.
  func ofValue(writtenBy step: Int) -> Int? {
    self.written[step]
  }

  /// Whether all of an audience, but perhaps this step, are placed.
  func hasSeen(_ audience: Int?, before step: Int) -> Bool {
    guard let audience else { return true }
    return self.left[audience] == (self.seen[step] == audience ? 1 : 0)
  }

  /// The step is placed.
  mutating func leave(_ step: Int) {
    if let audience = self.seen[step] { self.left[audience] -= 1 }
  }

  /// The step is taken back.
  mutating func enter(_ step: Int) {
    if let audience = self.seen[step] { self.left[audience] += 1 }
  }
}
