/// How long a server may act as the owner of its shards, by its own monotonic clock.
///
/// It asks the log's leader for a position, waits until it has applied it, and owns from the
/// moment when it *asked*, for a time. Whatever was committed after that moment waits as long
/// before it takes effect, so no two servers own a shard at the same time.
package struct Ownership: Equatable, Sendable {
  /// How long it lasts since it was asked for.
  package let length: Duration
  private var end: Duration?

  /// Nothing is owned yet.
  package init(length: Duration) {
    self.length = length
  }

  /// The configuration as it was at this moment, or later, is known.
  package mutating func renew(askedAt: Duration) {
    self.end = max(self.end ?? .zero, askedAt + self.length)
  }

  /// Whether the server owns now.
  package func holds(at now: Duration) -> Bool {
    self.end.map { now < $0 } ?? false
  }

  /// How long who follows waits after it learnt that it does; clocks may differ by a hundredth.
  package static func waiting(for length: Duration) -> Duration {
    length + length / 50
  }
}
