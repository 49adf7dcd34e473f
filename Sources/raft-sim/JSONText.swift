import RaftSimulator

/// Values as the text of JSON.
enum JSONText {
  /// A string, with its quotes.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar.value < 32 ? " " : scalar)
      }
    }
    return quoted + "\""
  }

  /// An object of counts.
  static func object(_ counts: [(name: String, count: Int)]) -> String {
    "{" + counts.map { "\(Self.quoted($0.name)):\($0.count)" }.joined(separator: ",") + "}"
  }
}

extension SimulationReport {
  /// The report in one line.
  var json: String {
    var text =
      "{\"seed\":\(self.scenario.seed),\"steps\":\(self.steps),"
      + "\"fingerprint\":\"\(String(self.fingerprint, radix: 16))\""
    if let violation = self.violation {
      text += ",\"property\":\(JSONText.quoted(violation.property.rawValue))"
      text += ",\"step\":\(violation.step),\"evidence\":\(JSONText.quoted(violation.evidence))"
      text += ",\"replay\":\(JSONText.quoted(violation.replayCommand))"
    }
    return text + "}"
  }
}

extension TraceRecord {
  /// The record in one line; the hash of a state stands for everything that decides what the node
  /// does next.
  var json: String {
    var text = "{\"step\":\(self.step),\"time\":\(self.time),\"kind\":\"\(self.kind.rawValue)\""
    if let node = self.node { text += ",\"node\":\(node)" }
    if let peer = self.peer { text += ",\"peer\":\(peer)" }
    text += ",\"text\":\(JSONText.quoted(self.text))"
    if let state = self.state { text += ",\"hash\":\"\(String(state.hash, radix: 16))\"" }
    return text + "}"
  }
}
