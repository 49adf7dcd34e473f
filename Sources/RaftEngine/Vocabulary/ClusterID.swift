/// Which cluster: 128 random bits made when a cluster is founded, and a generation.
///
/// Every message names its cluster, so that a node never takes part in another one by a wrong
/// address (etcd#17081). An operator's unsafe recovery raises the ``generation``: what was left
/// behind belongs to the earlier generation and cannot come back.
public struct ClusterID: Hashable, Sendable {
  /// The first 64 random bits.
  public let high: UInt64
  /// The last 64 random bits.
  public let low: UInt64
  /// How often the cluster was recovered by force; 0 at its birth.
  public let generation: UInt32

  /// Names the cluster with these bits.
  public init(high: UInt64, low: UInt64, generation: UInt32 = 0) {
    self.high = high
    self.low = low
    self.generation = generation
  }

  /// Reads the form that ``description`` writes; `nil` if the text has another form.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].utf8.count == 32,
      let high = UInt64(parts[0].prefix(16), radix: 16),
      let low = UInt64(parts[0].suffix(16), radix: 16),
      let generation = parts.count == 1 ? 0 : UInt32(parts[1])
    else { return nil }
    self.init(high: high, low: low, generation: generation)
    // Numbers can be read in other forms, such as with a sign; each cluster has one text.
    guard self.description == text else { return nil }
  }
}

extension ClusterID: CustomStringConvertible {
  /// 32 hexadecimal digits, followed by `.` and the generation unless it is 0.
  public var description: String {
    let bits = hexadecimal(self.high) + hexadecimal(self.low)
    return self.generation == 0 ? bits : "\(bits).\(self.generation)"
  }
}
