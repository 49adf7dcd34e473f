import Raft
import RaftCommandLine
import Testing

@testable import raft_kv

@Suite("The configuration on the command line")
struct SettingTests {
  private static let line = ["serve", "--id", "1", "--api-addr", "a:1", "--raft-addr", "a:2"]

  private func configuration(_ rest: [String] = []) throws -> Configuration {
    guard case .serve(let options) = try Invocation(Self.line + rest) else {
      throw UsageError("no server")
    }
    return options.configuration
  }

  /// The fields by name, as text.
  private func fields(_ configuration: Configuration) -> [String: String] {
    var fields: [String: String] = [:]
    for child in Mirror(reflecting: configuration).children {
      fields[child.label ?? ""] = String(describing: child.value)
    }
    return fields
  }

  @Test("Every field of the configuration is an option of the server, and has its name")
  func everyField() throws {
    let fields = Set(self.fields(Configuration()).keys)
    #expect(fields.count == 46)
    #expect(fields == Set(Setting.all.map(\.field) + ["role", "flightRecording"]))
    let options = Verb.serve.guide.options.map(\.name)
    #expect(Set(options).count == options.count)
    for field in fields { #expect(options.contains(Setting.optionName(of: field)), "\(field)") }
  }

  /// A value for each option that differs from its default and fits the other defaults.
  private static let values: [String: (word: String, value: String)] = [
    "heartbeatInterval": ("400", "0.4 seconds"),
    "heartbeatMinInterval": ("100", "0.1 seconds"),
    "electionTimeoutMax": ("4000", "4.0 seconds"),
    "electionPriority": ("never", "never"),
    "isPreVoteEnabled": ("off", "false"),
    "isElectionEnabled": ("off", "false"),
    "isHeartbeatEnabled": ("off", "false"),
    "isTickEnabled": ("off", "false"),
    "promise": ("700", "Optional(0.7 seconds)"),
    "clockDriftPerMillion": ("0", "0"),
    "appendEntriesMax": ("7", "7"),
    "appendBytesMax": ("7", "7"),
    "appendWindow": ("7", "7"),
    "inflightBytesMax": ("7", "7"),
    "commitNoticeDelay": ("7", "0.007 seconds"),
    "digestInterval": ("7", "7"),
    "inlineApplyEntriesMax": ("9", "9"),
    "appendTimeout": ("7", "0.007 seconds"),
    "backoffMin": ("7", "0.007 seconds"),
    "backoffSteps": ("7,8", "[0.007 seconds, 0.008 seconds]"),
    "backoffMax": ("70", "0.07 seconds"),
    "logReversion": ("allowed", "allowed"),
    "promotionLag": ("0", "0"),
    "readTimeout": ("7", "0.007 seconds"),
    "abandonWritesAfter": ("7", "0.007 seconds"),
    "writeBytesMax": ("7", "7"),
    "pendingBytesMax": ("70000000", "70000000"),
    "tailBytesMax": ("0", "0"),
    "snapshotAfter": ("0", "nil"),
    "snapshotAfterBytes": ("7", "Optional(7)"),
    "snapshotInterval": ("7", "Optional(0.007 seconds)"),
    "entriesKept": ("0", "0"),
    "entriesKeptForPeers": ("0", "0"),
    "purgeBatch": ("7", "7"),
    "snapshotsSentMax": ("7", "7"),
    "snapshotTimeout": ("7", "0.007 seconds"),
    "snapshotPauseMax": ("7", "0.007 seconds"),
    "diskStallLimit": ("0", "nil"),
    "transferTimeout": ("7", "Optional(0.007 seconds)"),
    "isHandoverAtShutdownEnabled": ("off", "false"),
    "shutdownTimeout": ("7", "0.007 seconds"),
    "flightRecords": ("7", "7"),
    "invariantChecks": ("always", "always"),
  ]

  @Test("Each option changes its own field and no other one")
  func eachOption() throws {
    let standard = self.fields(try self.configuration())
    for setting in Setting.all where setting.field != "electionTimeoutMin" {
      let (word, value) = try #require(Self.values[setting.field], "\(setting.field)")
      var expected = standard
      expected[setting.field] = value
      let found = self.fields(try self.configuration(["--\(setting.option.name)", word]))
      #expect(found == expected, "\(setting.field)")
      #expect(found != standard, "\(setting.field)")
    }
  }

  @Test("Reads and appends wait as long as an election, unless they are told otherwise")
  func electionTimeout() throws {
    let alone = try self.configuration(["--election-timeout-min", "1200"])
    #expect(alone.electionTimeoutMin == .milliseconds(1200))
    #expect(alone.readTimeout == .milliseconds(1200))
    #expect(alone.appendTimeout == .milliseconds(1200))
    let both = try self.configuration(["--election-timeout-min=1200", "--read-timeout=50"])
    #expect(both.readTimeout == .milliseconds(50))
    #expect(both.appendTimeout == .milliseconds(1200))
  }

  @Test(
    "A value that no server starts with is refused, with the option and the rule",
    arguments: [
      ("--pre-vote maybe", "--pre-vote must be on or off, not 'maybe'"),
      ("--append-window 0", "--append-window must be a number from 1 to 2147483647, not '0'"),
      ("--append-window 5000", "--append-window must be between 1 and 4096"),
      (
        "--backoff-steps 5,,6",
        "--backoff-steps must be numbers from 1 to 3600000 with commas "
          + "between, not '5,,6'"
      ),
      (
        "--backoff-min 2000",
        "--backoff-min must be longer than zero and at most --backoff-max "
          + "(1.0 seconds)"
      ),
      ("--log-reversion never", "--log-reversion must be refused or allowed, not 'never'"),
      (
        "--promise 2000",
        "--promise must be longer than zero and at most --election-timeout-min "
          + "(1.5 seconds)"
      ),
    ])
  func refusals(rest: String, problem: String) {
    let error = #expect(throws: UsageError.self) {
      try self.configuration(rest.split(separator: " ").map(String.init))
    }
    #expect(error?.problem == problem)
  }

  @Test("The help sorts the options by what they are about, with their defaults")
  func help() {
    let help = Verb.serve.help
    for group in Setting.Group.allCases { #expect(help.contains("\n\n\(group.rawValue):\n  --")) }
    let elections = help.split(separator: "\nElections and heartbeats:\n").last.map(String.init)
    #expect(elections?.hasPrefix("  --heartbeat-interval MS") == true)
    #expect(help.contains("How often a leader makes itself heard. Default: 500.\n"))
    #expect(help.contains("Default: refused.\n"))
  }

  @Test("Every option that the parity record names is in the help")
  func record() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "\(root)/Sources/Raft/Raft.docc/ParityOfSettings.md"
    let page = String(decoding: try #require(FileContent.bytes(of: path)), as: UTF8.self)
    let names = page.split(separator: "`").filter { $0.hasPrefix("--") }
    #expect(names.count > 30)
    let help = Verb.serve.help
    for name in names { #expect(help.contains("  \(name) "), "\(name)") }
  }
}
