import Raft
import RaftFileStore
import RaftHTTPTransport
import RaftJSON

extension LogInspection {
  /// The log for programs, on one line.
  func json(startingAt snapshot: LogID?) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("folder", self.directory)
      writer.member("checked", self.depth == .everything ? "everything" : "summary")
      writer.member("sound", self.damage.isEmpty)
      writer.member("node_id", self.node)
      writer.member("incarnation", self.incarnation.map { $0.rawValue })
      writer.member("cluster", self.cluster)
      writer.member("vote", self.vote)
      writer.member("snapshot", snapshot)
      writer.member("purged", self.purged)
      writer.member("first_index", self.entries?.lowerBound.rawValue)
      writer.member("last_log_id", self.last)
      writer.member("committed", self.committed)
      writer.member("membership_log_id", self.membership?.logID)
      writer.member("membership", self.membership?.membership)
      writer.member("files") { writer in
        writer.array(self.segments) { writer, segment in segment.write(to: &writer) }
      }
      writer.member("damage") { writer in
        writer.array(self.damage) { writer, damage in damage.write(to: &writer) }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }
}

extension SegmentInspection {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("path", self.path)
      writer.member("use", self.use.rawValue)
      writer.member("version", self.version.map { UInt64($0) })
      writer.member("bytes", UInt64(self.byteCount))
      writer.member("records_end", self.recordsEnd.map { UInt64($0) })
      writer.member("first_index", self.entries?.lowerBound.rawValue)
      writer.member("last_index", self.entries?.upperBound.rawValue)
      writer.member("unfinished_end", self.unfinishedEnd.map { UInt64($0) })
    }
  }
}

extension StoreDamage {
  /// Writes the damage as an object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("path", self.path)
      writer.member("offset", self.offset.map { UInt64($0) })
      writer.member("last_readable", self.lastReadable)
      writer.member("first_lost_index", self.lost?.lowerBound.rawValue)
      writer.member("last_lost_index", self.lost?.upperBound.rawValue)
      writer.member("reason", self.reason)
    }
  }
}
