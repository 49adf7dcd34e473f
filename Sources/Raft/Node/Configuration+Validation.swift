extension Configuration {
  /// Checks every field.
  ///
  /// - Throws: ``ConfigurationError`` for the first field that breaks a rule.
  public func validate() throws(ConfigurationError) {
    try self.validateElections()
    try self.validateSending()
    try self.validateKeeping()
  }

  private static let longest = Duration.seconds(60)

  private static func require(
    _ holds: Bool, _ field: String, _ rule: String
  ) throws(ConfigurationError) {
    guard holds else { throw ConfigurationError(field: field, rule: rule) }
  }

  private func validateElections() throws(ConfigurationError) {
    try Self.require(
      self.heartbeatInterval >= .milliseconds(1), "heartbeatInterval", "at least 1 ms")
    try Self.require(
      self.heartbeatInterval * 2 < self.electionTimeoutMin, "heartbeatInterval",
      "shorter than half of electionTimeoutMin (\(self.electionTimeoutMin))")
    try Self.require(
      self.heartbeatMinInterval >= .zero
        && self.heartbeatInterval * 3 / 2 + self.heartbeatMinInterval < self.electionTimeoutMin,
      "heartbeatMinInterval",
      "not negative, and with 1.5 times heartbeatInterval (\(self.heartbeatInterval)) shorter than "
        + "electionTimeoutMin (\(self.electionTimeoutMin))")
    try Self.require(
      self.commitNoticeDelay >= .zero && self.commitNoticeDelay <= self.heartbeatInterval,
      "commitNoticeDelay", "not negative, at most heartbeatInterval (\(self.heartbeatInterval))")
    try Self.require(
      self.electionTimeoutMin < self.electionTimeoutMax, "electionTimeoutMin",
      "shorter than electionTimeoutMax (\(self.electionTimeoutMax))")
    try Self.require(
      self.electionTimeoutMax <= Self.longest, "electionTimeoutMax", "at most \(Self.longest)")
    if let promise = self.promise {
      try Self.require(
        promise > .zero && promise <= self.electionTimeoutMin, "promise",
        "longer than zero and at most electionTimeoutMin (\(self.electionTimeoutMin))")
    }
    try Self.require(
      (0...500_000).contains(self.clockDriftPerMillion), "clockDriftPerMillion",
      "between 0 and 500000")
  }

  private func validateSending() throws(ConfigurationError) {
    try Self.require(self.appendEntriesMax >= 1, "appendEntriesMax", "at least 1")
    try Self.require(self.appendBytesMax >= 1, "appendBytesMax", "at least 1")
    try Self.require(
      (1...4096).contains(self.appendWindow), "appendWindow", "between 1 and 4096")
    try Self.require(self.inflightBytesMax >= 1, "inflightBytesMax", "at least 1")
    try Self.require(self.appendTimeout > .zero, "appendTimeout", "longer than zero")
    try Self.require(self.snapshotTimeout > .zero, "snapshotTimeout", "longer than zero")
    try Self.require(self.snapshotPauseMax > .zero, "snapshotPauseMax", "longer than zero")
    try Self.require(self.shutdownTimeout > .zero, "shutdownTimeout", "longer than zero")
    if let limit = self.transferTimeout {
      try Self.require(
        limit > .zero && limit <= Self.longest, "transferTimeout",
        "longer than zero and at most \(Self.longest)")
    }
    try Self.require(self.readTimeout > .zero, "readTimeout", "longer than zero")
    try Self.require(self.abandonWritesAfter > .zero, "abandonWritesAfter", "longer than zero")
    try Self.require(
      self.backoffMin > .zero && self.backoffMin <= self.backoffMax, "backoffMin",
      "longer than zero and at most backoffMax (\(self.backoffMax))")
    try Self.require(self.backoffMax <= .seconds(3600), "backoffMax", "at most 1 hour")
    let steps = [.nanoseconds(1)] + self.backoffSteps + [self.backoffMax]
    try Self.require(
      zip(steps, steps.dropFirst()).allSatisfy { $0 <= $1 }, "backoffSteps",
      "pauses longer than zero, none shorter than the one before, at most backoffMax "
        + "(\(self.backoffMax))")
  }

  private func validateKeeping() throws(ConfigurationError) {
    try Self.require(
      self.snapshotAfter.map { $0 >= 1 } ?? true, "snapshotAfter", "at least 1, or nil")
    try Self.require(
      self.snapshotAfterBytes.map { $0 >= 1 } ?? true, "snapshotAfterBytes", "at least 1, or nil")
    try Self.require(
      self.snapshotInterval.map { $0 >= .milliseconds(1) } ?? true, "snapshotInterval",
      "at least 1 ms, or nil")
    try Self.require(
      self.diskStallLimit.map { $0 >= .milliseconds(10) } ?? true, "diskStallLimit",
      "at least 10 ms, or nil")
    try Self.require(self.entriesKept >= 0, "entriesKept", "at least 0")
    try Self.require(self.entriesKeptForPeers >= 0, "entriesKeptForPeers", "at least 0")
    try Self.require(self.snapshotsSentMax >= 1, "snapshotsSentMax", "at least 1")
    try Self.require(self.purgeBatch >= 1, "purgeBatch", "at least 1")
    try Self.require(
      (1...(1 << 30)).contains(self.writeBytesMax), "writeBytesMax", "between 1 and 1 GiB")
    try Self.require(
      self.pendingBytesMax >= self.writeBytesMax, "pendingBytesMax",
      "at least writeBytesMax (\(self.writeBytesMax))")
    try Self.require(self.digestInterval >= 0, "digestInterval", "at least 0")
    try Self.require(self.inlineApplyEntriesMax >= 0, "inlineApplyEntriesMax", "at least 0")
    try Self.require(self.promotionLag >= 0, "promotionLag", "at least 0")
    try Self.require(self.tailBytesMax >= 0, "tailBytesMax", "at least 0")
    try Self.require(
      (0...FlightLayout.capacityMax).contains(self.flightRecords), "flightRecords",
      "between 0 and \(FlightLayout.capacityMax)")
    if let path = self.flightRecording {
      try Self.require(
        !path.isEmpty && !path.utf8.contains(0), "flightRecording", "the path of a file, or nil")
      try Self.require(
        self.flightRecords > 0, "flightRecording", "nil if flightRecords is 0, or that more")
    }
  }
}

/// A configuration that no node starts with.
public struct ConfigurationError: Error, Hashable, Sendable {
  /// The field with the bad value.
  public let field: String
  /// What the value must be.
  public let rule: String
}

extension ConfigurationError: CustomStringConvertible {
  /// The field and the rule.
  public var description: String { "Configuration.\(self.field) must be \(self.rule)" }
}
