import Raft
import RaftCommandLine
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// A verb that is about one server alone.
struct SteeringVerb: Equatable, Sendable {
  /// What can be set off.
  enum Action: String, CaseIterable, Sendable {
    case elect
    case electAtOnce = "elect-at-once"
    case heartbeat
    case snapshot
    case purge
  }

  /// What the server is asked.
  enum Wish: Equatable, Sendable {
    case trigger(Action, through: UInt64?)
    case turn(String, on: Bool)
    case measures
  }

  let wish: Wish
  let address: SocketAddress
  let options: ClientOptions

  init(_ verb: Verb, _ arguments: Arguments) throws(UsageError) {
    let operands = arguments.operands
    self.address = try arguments.address(operands[operands.count - 1], operand: "API_ADDR")
    var options = ClientOptions(cluster: [self.address])
    if let seconds = try arguments.number("timeout", in: 1...3600) {
      options.timeout = .seconds(seconds)
    }
    self.options = options
    switch verb {
    case .trigger: self.wish = try Self.trigger(operands[0], arguments)
    case .switch: self.wish = try Self.turn(operands[0], operands[1], arguments)
    default: self.wish = .measures
    }
  }

  private static func trigger(_ word: String, _ arguments: Arguments) throws(UsageError) -> Wish {
    guard let action = Action(rawValue: word) else {
      let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
      throw arguments.error("ACTION must be one of \(names), not '\(word)'")
    }
    let last = try arguments.number("through", in: 0...UInt64.max)
    if action == .purge, last == nil { throw arguments.error("--through is missing") }
    if action != .purge, last != nil { throw arguments.error("--through goes with purge only") }
    return .trigger(action, through: last)
  }

  private static func turn(
    _ name: String, _ state: String, _ arguments: Arguments
  ) throws(UsageError) -> Wish {
    let names = SwitchesReport.all.map { $0 == "pre_vote" ? "pre-vote" : $0 }
    guard let place = names.firstIndex(of: name) else {
      throw arguments.error("NAME must be one of \(names.joined(separator: ", ")), not '\(name)'")
    }
    guard ["on", "off"].contains(state) else {
      throw arguments.error("STATE must be on or off, not '\(state)'")
    }
    return .turn(SwitchesReport.all[place], on: state == "on")
  }

  /// Asks the server.
  func perform(with client: KVClient) async throws(ClientError) -> Report {
    switch self.wish {
    case .trigger(let action, let last):
      let (path, body) = Self.request(action, through: last)
      _ = try await client.tell(path, body, at: self.address)
      return Report(output: "told \(self.address): \(action.rawValue)\n")
    case .turn(let name, let isOn):
      let text = try await client.tell(
        "/switches", SwitchesReport([name: isOn]).jsonBytes(), at: self.address)
      return Report(output: try Self.text(ofSwitches: text))
    case .measures:
      return Report(output: try await client.tell("/metrics/text", at: self.address))
    }
  }

  private static func request(_ action: Action, through last: UInt64?) -> (String, [UInt8]) {
    switch action {
    case .elect: ("/trigger/elect", ElectionRequest(.whenPromising).jsonBytes())
    case .electAtOnce: ("/trigger/elect", ElectionRequest(.atOnce).jsonBytes())
    case .heartbeat: ("/trigger/heartbeat", [])
    case .snapshot: ("/trigger/snapshot", [])
    case .purge: ("/trigger/purge", PurgeRequest(through: LogIndex(last ?? 0)).jsonBytes())
    }
  }

  private static func text(ofSwitches answer: String) throws(ClientError) -> String {
    guard let document = try? JSONDocument(Array(answer.utf8)),
      let report = try? SwitchesReport(json: document.root["Ok"])
    else { throw .refused("an answer that is not understood: \(answer)") }
    return SwitchesReport.all.map { name in
      "\(name == "pre_vote" ? "pre-vote" : name) \(report.values[name] == true ? "on" : "off")\n"
    }.joined()
  }
}
