import Glibc
import Raft
import RaftCommandLine
import RaftHTTPTransport
import RaftJSON

/// The verb that goes on with one server's folder when the majority is gone.
struct RecoverVerb {
  let options: RecoverOptions

  /// Looks at the folder, and changes it only if that was ordered.
  func recover() async throws(Failure) -> Report {
    let folder = self.options.data
    guard access("\(folder)/IDENTITY", F_OK) == 0 else {
      throw Failure(.unusable, "there is no server's data in \(folder): correct --data")
    }
    let store: NodeStores
    do throws(StorageError) {
      store = try await NodeStores.open(
        folder, of: self.options.id, as: NodeStores.kind(of: folder) ?? .file)
    } catch {
      let advice = error.kind == .locked ? "; stop the server first" : ""
      throw Failure(.unusable, "the data folder \(folder) cannot be used: \(error)\(advice)")
    }
    do throws(UnsafeRecoveryError) {
      let recovery = try await UnsafeRecovery.examine(
        self.options.id, logStore: store.log, snapshotStore: store.snapshots)
      guard let order = self.options.order else {
        await store.log.close()
        return self.report(recovery, performed: nil)
      }
      guard order.last == Self.text(recovery.lastLogID) else {
        throw .notAcknowledged(last: recovery.lastLogID)
      }
      let record = try await recovery.perform(
        acknowledging: .everythingAfterMayBeLost(recovery.lastLogID), reason: order.reason)
      return self.report(recovery, performed: record)
    } catch {
      await store.log.close()
      throw Failure(.failed, "nothing was recovered: \(error)")
    }
  }

  private static func text(_ logID: LogID?) -> String {
    logID.map(String.init(describing:)) ?? "nothing"
  }

  private func report(
    _ recovery: UnsafeRecovery, performed record: UnsafeRecovery.Record?
  ) -> Report {
    switch self.options.format {
    case .text: Report(output: self.words(recovery, performed: record))
    case .json: Report(output: self.json(recovery, isPerformed: record != nil))
    }
  }

  private func words(
    _ recovery: UnsafeRecovery, performed record: UnsafeRecovery.Record?
  ) -> String {
    guard let record else {
      return """
        \(recovery)
        Nothing was changed. Compare all servers that are left, and recover only the one whose log
        ends last. To do it:
          raft-kv recover --id \(self.options.id) --data \(self.options.data) --unsafe \
        --last \(Self.text(recovery.lastLogID)) --reason 'who decided, and why'

        """
    }
    return """
      \(record)
      Start the server, and bring in others with empty folders by 'raft-kv join'.

      """
  }

  private func json(_ recovery: UnsafeRecovery, isPerformed: Bool) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("node_id", recovery.node)
      writer.member("cluster", recovery.cluster)
      writer.member("successor", recovery.successor)
      writer.member("vote", recovery.vote)
      writer.member("last_log_id", recovery.lastLogID)
      writer.member("last", Self.text(recovery.lastLogID))
      writer.member("committed", recovery.committed)
      writer.member("undecided_entries", UInt64(recovery.undecidedCount))
      writer.member("left_behind") { writer in
        writer.array(recovery.leftBehind) { writer, member in writer.write(member.id) }
      }
      writer.member("performed", isPerformed)
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }
}
