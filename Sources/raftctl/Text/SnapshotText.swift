import Raft
import RaftCommandLine
import RaftFileStore
import RaftHTTPTransport
import RaftJSON

/// Snapshots as text.
enum SnapshotText {
  /// The snapshots for people.
  static func table(_ snapshots: [SnapshotInspection], _ content: ContentCheck) -> String {
    guard !snapshots.isEmpty else { return "no snapshots\n" }
    let heading = ["file", "through", "state", "bytes", "content", "hash"]
    let rows = snapshots.map { snapshot in
      [
        snapshot.name, snapshot.meta.map { "\($0.lastLogID)" } ?? "-", snapshot.state(content),
        "\(snapshot.byteCount)", snapshot.meta.map { "\($0.byteCount)" } ?? "-",
        snapshot.meta.map { String($0.contentHash, radix: 16) } ?? "-",
      ]
    }
    var text = TextTable.aligned([heading] + rows, left: 3)
    for snapshot in snapshots {
      if let membership = snapshot.meta?.membership.membership {
        text += "\n\(snapshot.name): membership \(membership)\n"
      }
    }
    for snapshot in snapshots {
      guard let damage = snapshot.damage else { continue }
      text += "\nDAMAGED \(damage)\n"
    }
    return snapshots.contains { $0.damage != nil } ? text + "\n\(self.advice)\n" : text
  }

  /// The snapshots for programs, on one line.
  static func json(_ snapshots: [SnapshotInspection], _ content: ContentCheck) -> String {
    var writer = JSONWriter()
    writer.array(snapshots) { writer, snapshot in
      writer.object { writer in
        writer.member("path", snapshot.path)
        writer.member("state", snapshot.state(content))
        writer.member("bytes", UInt64(snapshot.byteCount))
        writer.member("last_log_id", snapshot.meta?.lastLogID)
        writer.member("membership_log_id", snapshot.meta?.membership.logID)
        writer.member("membership", snapshot.meta?.membership.membership)
        writer.member("content_bytes", snapshot.meta?.byteCount)
        writer.member("content_hash", snapshot.meta.map { String($0.contentHash, radix: 16) })
        writer.member("damage") { writer in
          if let damage = snapshot.damage {
            damage.write(to: &writer)
          } else {
            writer.write(JSON.null)
          }
        }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }

  private static let advice = """
    A start uses the newest snapshot that can be read, if the log goes on behind it. If none can, keep
    the folder as evidence, and bring the server back with an empty one from the cluster.
    """
}

extension SnapshotInspection {
  /// The file without its folder.
  fileprivate var name: String {
    self.path.split(separator: "/").last.map(String.init) ?? self.path
  }

  fileprivate func state(_ content: ContentCheck) -> String {
    guard self.damage == nil else { return "damaged" }
    guard self.meta != nil else { return "unfinished" }
    return content == .checked ? "sound" : "complete"
  }
}
