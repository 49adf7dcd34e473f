import Raft
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// What an operator may set off at one server, and turn off and on there.
extension API {
  /// Answers a request about this server alone; `nil` if it is none.
  func answerSteering(_ request: HTTPRequest) async -> HTTPResponse? {
    switch (request.method, String(request.path)) {
    case (.post, "/trigger/elect"):
      return await Self.reply(to: request) { (wish: ElectionRequest) in
        self.node.triggers.startElection(wish.start)
        return .null
      }
    case (.post, "/trigger/heartbeat"):
      self.node.triggers.heartbeat()
    case (.post, "/trigger/snapshot"):
      self.node.triggers.buildSnapshot()
    case (.post, "/trigger/purge"):
      return await Self.reply(to: request) { (wish: PurgeRequest) in
        self.node.triggers.purgeLog(through: wish.last)
        return .null
      }
    case (.get, "/switches"):
      return Self.response(Envelope<_, JSON>.success(SwitchesReport(self.node.switches)))
    case (.post, "/switches"):
      return await Self.reply(to: request) { (wish: SwitchesReport) in
        wish.set(self.node.switches)
        return SwitchesReport(self.node.switches)
      }
    case (.get, "/metrics/text"):
      let gauges = StandingGauges(metrics: self.node.metrics, now: SystemClock().timestamp())
      return .text(self.measures.text + gauges.text)
    default:
      return nil
    }
    return Self.response(Envelope<JSON, JSON>.success(.null))
  }

  private static func reply<Request: JSONShape>(
    to request: HTTPRequest, _ body: (Request) -> JSON
  ) async -> HTTPResponse {
    await Self.reply(to: request) { (wish: Request) throws(ReadError) in body(wish) }
  }

  private static func reply<Request: JSONShape>(
    to request: HTTPRequest, _ body: (Request) -> SwitchesReport
  ) async -> HTTPResponse {
    await Self.reply(to: request) { (wish: Request) throws(ReadError) in body(wish) }
  }
}

/// The wish that a server stands for election: `{}`, or `{"at_once":true}` to ask nobody first.
struct ElectionRequest: JSONShape, Sendable {
  let start: Triggers.ElectionStart

  init(_ start: Triggers.ElectionStart) {
    self.start = start
  }

  init(json: JSONNode) throws(JSONError) {
    let isAtOnce = try json.optional("at_once")?.bool() ?? false
    self.start = isAtOnce ? .atOnce : .whenPromising
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("at_once", self.start == .atOnce) }
  }
}

/// The wish to remove entries from a server's log: `{"through":12}`.
struct PurgeRequest: JSONShape, Sendable {
  let last: LogIndex

  init(through last: LogIndex) {
    self.last = last
  }

  init(json: JSONNode) throws(JSONError) {
    self.last = LogIndex(try json.member("through", as: UInt64.self))
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("through", self.last.rawValue) }
  }
}

/// What a server does of its own accord.
///
/// `{"tick":true,"heartbeat":true,"elect":true,"pre_vote":true}`; in a wish, what is left out stays
/// as it is.
struct SwitchesReport: JSONShape, Sendable {
  private(set) var values: [String: Bool] = [:]

  init(_ values: [String: Bool]) {
    self.values = values
  }

  init(_ switches: Switches) {
    self.values = [
      "tick": switches.isTickEnabled, "heartbeat": switches.isHeartbeatEnabled,
      "elect": switches.isElectionEnabled, "pre_vote": switches.isPreVoteEnabled,
    ]
  }

  init(json: JSONNode) throws(JSONError) {
    for name in Self.all { self.values[name] = try json.optional(name)?.bool() }
  }

  /// The names, in the order in which they are shown.
  static let all = ["tick", "heartbeat", "elect", "pre_vote"]

  /// Has these values hold.
  func set(_ switches: Switches) {
    if let isOn = self.values["tick"] { switches.isTickEnabled = isOn }
    if let isOn = self.values["heartbeat"] { switches.isHeartbeatEnabled = isOn }
    if let isOn = self.values["elect"] { switches.isElectionEnabled = isOn }
    if let isOn = self.values["pre_vote"] { switches.isPreVoteEnabled = isOn }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      for name in Self.all {
        if let isOn = self.values[name] { writer.member(name, isOn) }
      }
    }
  }
}
