import RaftCommandLine
import RaftJSON

/// A tally for people and for programs.
struct TallyReport {
  let tally: Tally
  let network: String
  /// Where what is needed to look into findings was kept; `nil` if there are none.
  let kept: String?

  /// A few tables.
  var text: String {
    var rows: [[String]] = []
    var family = ""
    for kind in FaultKind.allCases {
      if kind.family != family {
        family = kind.family
        rows.append([family])
      }
      rows.append(["  " + kind.rawValue, "\(self.tally.faults[kind] ?? 0)"])
    }
    rows.append(["what came of them"])
    for (effect, count) in self.tally.effects.sorted(by: { $0.key < $1.key }) {
      rows.append(["  " + effect, "\(count)"])
    }
    rows.append(["clients"])
    rows.append(["  calls on registers, answered", "\(self.tally.succeeded)"])
    rows.append(["  calls on registers, refused without effect", "\(self.tally.failed)"])
    rows.append(["  calls on registers of unknown outcome", "\(self.tally.unknown)"])
    rows.append(["  writes acknowledged, to be there for ever", "\(self.tally.acknowledged)"])
    rows.append(["  of these looked for, at each member", "\(self.tally.lookups)"])
    let widest = rows.compactMap { $0.count > 1 ? $0[0].count : nil }.max() ?? 0
    rows[0][0] += String(repeating: " ", count: max(0, widest - rows[0][0].count))
    rows[0].append("")
    let faults = self.tally.faults.values.reduce(0, +)
    return "network: \(self.network)\n" + TextTable.aligned(rows, left: 1)
      + "\(counted(self.tally.rounds, "round")), \(counted(faults, "fault")): \(self.verdict)\n"
  }

  private var verdict: String {
    guard !self.tally.findings.isEmpty else {
      return "nothing acknowledged was lost, every history is linearizable"
    }
    let lines = self.tally.findings.map { "\n  seed \($0.seed): \($0.what)" }.joined()
    let place = self.kept.map { "\nlogs, history and data are kept in \($0)" } ?? ""
    return "\(counted(self.tally.findings.count, "finding"))\(lines)\(place)"
  }

  /// One object on one line.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("rounds", self.tally.rounds)
      writer.member("network", self.network)
      writer.member("faults") { writer in
        writer.object { writer in
          for kind in FaultKind.allCases {
            writer.member("\(kind)", self.tally.faults[kind] ?? 0)
          }
        }
      }
      writer.member("effects") { writer in
        writer.object { writer in
          for (effect, count) in self.tally.effects.sorted(by: { $0.key < $1.key }) {
            writer.member(effect, count)
          }
        }
      }
      writer.member("calls_answered", self.tally.succeeded)
      writer.member("calls_refused", self.tally.failed)
      writer.member("calls_unknown", self.tally.unknown)
      writer.member("writes_acknowledged", self.tally.acknowledged)
      writer.member("writes_looked_for", self.tally.lookups)
      writer.member("findings") { writer in
        writer.array(self.tally.findings) { writer, finding in
          writer.object { writer in
            writer.member("seed", finding.seed)
            writer.member("what", finding.what)
          }
        }
      }
      writer.member("kept", self.kept)
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }
}
