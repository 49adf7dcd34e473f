import Raft
import RaftHTTPTransport

extension MetricsReport.Peer {
  /// How many entries the peer lacks of a log that ends here.
  ///
  /// All of them if its data was replaced: what its former life confirmed, it has not.
  func lag(behind last: LogIndex) -> Int {
    let next = self.replacedBy == nil ? self.matched.map(\.index.next) ?? 0 : 0
    return max(0, next.distance(to: last.next))
  }
}
