import Raft
import Testing

@Suite("Configurations")
struct ConfigurationTests {
  private static func rule(
    _ change: (inout Configuration) -> Void
  ) -> ConfigurationError? {
    var configuration = Configuration()
    change(&configuration)
    do throws(ConfigurationError) {
      try configuration.validate()
      return nil
    } catch {
      return error
    }
  }

  @Test("The defaults hold all rules")
  func defaults() {
    #expect(Self.rule { _ in } == nil)
  }

  struct Breach: Sendable, CustomTestStringConvertible {
    let field: String
    let change: @Sendable (inout Configuration) -> Void
    var testDescription: String { self.field }

    init(_ field: String, _ change: @escaping @Sendable (inout Configuration) -> Void) {
      self.field = field
      self.change = change
    }
  }

  private static let breaches: [Breach] = [
    Breach("heartbeatInterval") { $0.heartbeatInterval = .zero },
    Breach("heartbeatInterval") { $0.heartbeatInterval = .milliseconds(75) },
    Breach("heartbeatMinInterval") { $0.heartbeatMinInterval = .milliseconds(75) },
    Breach("heartbeatMinInterval") { $0.heartbeatMinInterval = .nanoseconds(-1) },
    Breach("commitNoticeDelay") { $0.commitNoticeDelay = .milliseconds(51) },
    Breach("commitNoticeDelay") { $0.commitNoticeDelay = .nanoseconds(-1) },
    Breach("electionTimeoutMin") { $0.electionTimeoutMin = .milliseconds(300) },
    Breach("electionTimeoutMax") { $0.electionTimeoutMax = .seconds(61) },
    Breach("promise") { $0.promise = .milliseconds(151) },
    Breach("promise") { $0.promise = .zero },
    Breach("clockDriftPerMillion") { $0.clockDriftPerMillion = -1 },
    Breach("appendEntriesMax") { $0.appendEntriesMax = 0 },
    Breach("appendBytesMax") { $0.appendBytesMax = 0 },
    Breach("appendWindow") { $0.appendWindow = 0 },
    Breach("inflightBytesMax") { $0.inflightBytesMax = 0 },
    Breach("appendTimeout") { $0.appendTimeout = .zero },
    Breach("snapshotTimeout") { $0.snapshotTimeout = .zero },
    Breach("snapshotPauseMax") { $0.snapshotPauseMax = .zero },
    Breach("shutdownTimeout") { $0.shutdownTimeout = .zero },
    Breach("transferTimeout") { $0.transferTimeout = .zero },
    Breach("readTimeout") { $0.readTimeout = .zero },
    Breach("abandonWritesAfter") { $0.abandonWritesAfter = .zero },
    Breach("backoffMin") { $0.backoffMin = .seconds(2) },
    Breach("backoffMax") { $0.backoffMax = .seconds(3601) },
    Breach("backoffSteps") { $0.backoffSteps = [.zero] },
    Breach("backoffSteps") { $0.backoffSteps = [.milliseconds(20), .milliseconds(10)] },
    Breach("backoffSteps") { $0.backoffSteps = [.seconds(2)] },
    Breach("snapshotAfter") { $0.snapshotAfter = 0 },
    Breach("snapshotAfterBytes") { $0.snapshotAfterBytes = 0 },
    Breach("snapshotInterval") { $0.snapshotInterval = .microseconds(999) },
    Breach("diskStallLimit") { $0.diskStallLimit = .milliseconds(9) },
    Breach("entriesKept") { $0.entriesKept = -1 },
    Breach("entriesKeptForPeers") { $0.entriesKeptForPeers = -1 },
    Breach("snapshotsSentMax") { $0.snapshotsSentMax = 0 },
    Breach("purgeBatch") { $0.purgeBatch = 0 },
    Breach("promotionLag") { $0.promotionLag = -1 },
    Breach("digestInterval") { $0.digestInterval = -1 },
    Breach("inlineApplyEntriesMax") { $0.inlineApplyEntriesMax = -1 },
    Breach("writeBytesMax") { $0.writeBytesMax = 0 },
    Breach("pendingBytesMax") { $0.pendingBytesMax = 1 },
    Breach("tailBytesMax") { $0.tailBytesMax = -1 },
    Breach("flightRecords") { $0.flightRecords = -1 },
    Breach("flightRecording") { $0.flightRecording = "" },
  ]

  @Test("Each bad value is refused with the name of its field and the rule", arguments: breaches)
  func refused(_ breach: Breach) {
    let error = Self.rule(breach.change)
    #expect(error?.field == breach.field && error?.rule.isEmpty == false)
    #expect(error?.description.hasPrefix("Configuration.\(breach.field) must be ") == true)
  }

  @Test("Every field with a range is among them")
  func complete() {
    let free: Set = [
      "isPreVoteEnabled", "isTickEnabled", "isHeartbeatEnabled", "isElectionEnabled",
      "electionPriority", "isHandoverAtShutdownEnabled", "logReversion", "invariantChecks",
      "role",
    ]
    let fields = Mirror(reflecting: Configuration()).children.compactMap(\.label)
    #expect(Set(fields) == Set(Self.breaches.map(\.field)).union(free))
  }

  @Test("Pauses may be given one by one, from short to long, up to the longest")
  func steps() {
    #expect(
      Self.rule { $0.backoffSteps = [.milliseconds(1), .milliseconds(1), .seconds(1)] } == nil)
  }
}
