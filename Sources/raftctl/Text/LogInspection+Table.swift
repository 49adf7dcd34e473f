import Raft
import RaftCommandLine
import RaftFileStore

extension LogInspection {
  /// The log for people.
  ///
  /// - Parameter snapshot: The last entry of the newest snapshot, from which a start goes on.
  func table(startingAt snapshot: LogID?) -> String {
    var rows = [["folder", self.directory], ["belongs to", self.owner]]
    rows.append(["vote", Self.text(self.vote, otherwise: "none")])
    rows.append([
      "snapshot", snapshot.map { "\($0): a start applies what follows it" } ?? "none",
    ])
    rows.append(["purged", self.purged.map { "through \($0)" } ?? "nothing"])
    rows.append(["entries", self.extent])
    rows.append(["last", Self.text(self.last, otherwise: "none")])
    rows.append(["committed", self.committed.map { "through \($0) at least" } ?? "unknown"])
    if let logged = self.membership, let logID = logged.logID, let membership = logged.membership {
      rows.append(["membership", "\(logID): \(membership)"])
    }
    return TextTable.aligned(rows, left: 2) + "\n" + self.files + self.complaints
  }

  /// What a check of everything found, for people.
  var verdict: String {
    let bytes = self.segments.reduce(0) { $0 + ($1.recordsEnd ?? 0) }
    let files = self.segments.count { $0.recordsEnd != nil }
    let sum = "\(counted(files, "file")) with \(counted(bytes, "byte")) of records, \(self.extent)"
    return self.damage.isEmpty
      ? "sound: \(sum)\n" + self.complaints
      : "DAMAGED: \(sum)\n" + self.complaints
  }

  private var owner: String {
    let node = self.node.map { "node \($0)" } ?? "an unknown node"
    let life = self.incarnation.map { ", incarnation \($0)" } ?? ""
    let cluster = self.cluster.map { "cluster \($0)" } ?? "no cluster"
    return "\(node)\(life), \(cluster)"
  }

  private static func text(_ value: (some Any)?, otherwise: String) -> String {
    value.map { "\($0)" } ?? otherwise
  }

  private var extent: String {
    guard let entries = self.entries else { return "no entries" }
    let count = entries.upperBound.rawValue - entries.lowerBound.rawValue + 1
    return "\(count) entr\(count == 1 ? "y" : "ies"): \(entries.text)"
  }

  private var files: String {
    let rows = self.segments.map { segment in
      [
        segment.name, segment.use.rawValue, segment.version.map { "\($0)" } ?? "-",
        "\(segment.byteCount)", segment.recordsEnd.map { "\($0)" } ?? "-",
        segment.entries?.text ?? "-",
      ]
    }
    let heading = ["file", "use", "version", "bytes", "records", "entries"]
    return TextTable.aligned([heading] + rows, left: 2)
  }

  /// Unfinished writes and damage, a line each.
  private var complaints: String {
    var text = ""
    for segment in self.segments {
      guard let end = segment.unfinishedEnd, let start = segment.recordsEnd else { continue }
      text +=
        "\n\(segment.path), bytes \(start) to \(end): a write that was never finished; nobody was "
        + "told that it is durable, and the next start cuts it off.\n"
    }
    for damage in self.damage { text += "\nDAMAGED \(damage)\n" }
    return self.damage.isEmpty ? text : text + "\n\(StoreDamage.advice).\n"
  }
}

extension SegmentInspection {
  /// The file without its folder.
  var name: String {
    self.path.split(separator: "/").last.map(String.init) ?? self.path
  }
}

extension ClosedRange<LogIndex> {
  /// The ends of the range for people.
  fileprivate var text: String { "\(self.lowerBound) to \(self.upperBound)" }
}
