internal import Raft
internal import RaftJSON

// `"state_divergences":{"2":{"index":512,"explanation":"…"}}`, left out while there are none.
extension MetricsReport {
  func writeDivergences(to writer: inout JSONWriter) {
    guard !self.divergences.isEmpty else { return }
    writer.member("state_divergences") { writer in
      writer.object { writer in
        for divergence in self.divergences {
          writer.member(String(divergence.id.rawValue)) { writer in
            writer.object { writer in
              writer.member("index", divergence.index.rawValue)
              writer.member("explanation", divergence.explanation)
            }
          }
        }
      }
    }
  }

  static func divergences(_ json: JSONNode?) throws(JSONError) -> [Divergence] {
    guard let json else { return [] }
    var divergences: [Divergence] = []
    for (name, value) in try json.members() {
      divergences.append(
        Divergence(
          id: try NodeID(name: name, of: json), index: LogIndex(try value["index"].ordinal()),
          explanation: try value["explanation"].string()))
    }
    return divergences.sorted { $0.id < $1.id }
  }
}
