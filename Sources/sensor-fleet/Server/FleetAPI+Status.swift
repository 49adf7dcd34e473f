import Raft
import RaftConcurrency
import RaftJSON
import SensorFleetModel

extension FleetAPI {
  /// How much a status says.
  enum StatusDetail {
    /// What the server knows of itself.
    case brief
    /// Also its shards, and the configuration.
    case whole
  }

  /// What this server knows of itself, and of the fleet.
  func status(_ writer: inout JSONWriter, _ detail: StatusDetail) {
    let metrics = self.fleet.node.metrics
    let host = self.fleet.host
    let now = SteadyClock.now
    let (state, owned) = host.state.withLock { state in
      (state, state.shards.keys.filter { FleetHost.owns($0, state, at: now) }.sorted())
    }
    writer.object { writer in
      writer.member("server", self.fleet.id)
      writer.member("raft") { writer in
        writer.object { writer in
          writer.member("state", String(describing: metrics.state).lowercased())
          writer.member("term", String(describing: metrics.term))
          writer.member("leader", metrics.leader?.rawValue)
          writer.member("last", metrics.lastLogID?.index.rawValue)
          writer.member("committed", metrics.committed?.index.rawValue)
          writer.member("applied", metrics.applied?.index.rawValue)
        }
      }
      writer.member("index", state.index)
      writer.member("digest", String(state.configuration.digest, radix: 16))
      writer.member("owned", owned)
      writer.member("acknowledged_readings", state.acknowledgedCount)
      let tally = host.store.tally.withLock { $0 }
      writer.member("file_syncs", tally.syncs)
      writer.member("records_written", tally.recordsWritten)
      guard detail == .whole else { return }
      writer.member("shards") { writer in
        writer.array(state.shards.keys.sorted()) { writer, id in
          let shard = state.shards[id]
          writer.object { writer in
            writer.member("shard", id)
            writer.member("known_epoch", shard?.known ?? .zero)
            writer.member("last_record", shard?.last ?? 0)
            writer.member("is_primary", shard?.tenure != nil)
            writer.member("acknowledged", shard?.tenure?.acknowledged)
          }
        }
      }
      writer.member("configuration", state.configuration)
    }
  }
}
