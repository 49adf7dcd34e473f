/// A register in a tried order of operations: its value, and what is known of its version.
struct RegisterModel: Hashable {
  /// The value; `nil` while it was never written.
  private(set) var value: UInt64?
  /// The version, or the least that it can be.
  private(set) var version: UInt64 = 0
  /// Whether the version is known exactly; it is not after a change whose answer did not tell.
  private(set) var hasExactVersion = true

  /// The register after a step, or `nil` if the step cannot come next.
  func after(_ step: KeyHistory.Step) -> RegisterModel? {
    var next = self
    switch step.effect {
    case .observe(let found):
      guard found.value == self.value else { return nil }
      if let version = found.version {
        guard next.bind(to: version) else { return nil }
      }
      return next
    case .misjudge:
      return nil
    case .write:
      break
    case .swap(.value(let expected), _):
      guard expected == self.value else { return nil }
    case .swap(.version(let expected), _):
      guard next.bind(to: expected) else { return nil }
    }
    next.value = step.written
    guard let version = step.version else {
      next.version += 1
      next.hasExactVersion = false
      return next
    }
    guard version > next.version else { return nil }
    next.version = version
    next.hasExactVersion = true
    return next
  }

  /// Learns the version; false if it cannot be this one.
  private mutating func bind(to version: UInt64) -> Bool {
    guard self.hasExactVersion ? version == self.version : version >= self.version else {
      return false
    }
    self.version = version
    self.hasExactVersion = true
    return true
  }

  /// The register for people.
  var state: RegisterState {
    RegisterState(value: self.value, version: self.hasExactVersion ? self.version : nil)
  }
}
