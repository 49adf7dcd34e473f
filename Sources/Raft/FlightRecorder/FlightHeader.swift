/// What a recording says of itself: whose it is, and how its moments lie on the wall clock.
package struct FlightHeader: Hashable, Sendable {
  /// How many records there is room for.
  package let capacity: Int
  /// The node.
  package let node: NodeID
  /// The life of the node's data.
  package let incarnation: Incarnation
  /// When this life of the node began, on its own clock.
  package let startMoment: Instant
  /// The wall-clock time of that moment.
  package let startTime: Timestamp
  /// The node's cluster; `nil` if none was known.
  package internal(set) var cluster: ClusterID?

  /// What to add to a moment to get nanoseconds since 1970.
  package var clockOffset: Int64 {
    Int64(bitPattern: self.startTime.nanoseconds) &- self.startMoment.nanoseconds
  }

  init(
    capacity: Int, node: NodeID, incarnation: Incarnation, startMoment: Instant,
    startTime: Timestamp
  ) {
    self.capacity = capacity
    self.node = node
    self.incarnation = incarnation
    self.startMoment = startMoment
    self.startTime = startTime
  }

  /// Writes both copies, one after the other; the cluster is noted when it is known.
  func write(to mapping: FlightMapping) {
    let words = self.words
    for copy in FlightLayout.Header.copies {
      for (place, word) in words.enumerated() { mapping.store(word, at: copy + place) }
    }
  }

  /// The header's words before the cluster, the check included, and an unknown cluster.
  var words: [UInt64] {
    var words: [UInt64] = [
      FlightLayout.magic,
      UInt64(FlightLayout.version) | UInt64(FlightLayout.recordBytes) << 32,
      UInt64(self.capacity), self.node.rawValue, self.incarnation.rawValue,
      UInt64(bitPattern: self.startMoment.nanoseconds), self.startTime.nanoseconds,
    ]
    words.append(Self.check(words, FlightLayout.headerSalt))
    return words + [0, 0, 0, 0]
  }

  static func write(_ cluster: ClusterID, to mapping: FlightMapping) {
    var words = [cluster.high, cluster.low, UInt64(cluster.generation)]
    words.append(Self.check(words, FlightLayout.clusterSalt))
    for copy in FlightLayout.Header.copies {
      for (place, word) in words.enumerated() {
        mapping.store(word, at: copy + FlightLayout.Header.cluster + place)
      }
    }
  }

  /// Reads the header from the words of its page.
  init(_ page: ArraySlice<UInt64>) throws(FlightRecordingError) {
    let copies = FlightLayout.Header.copies.reversed().map { page.dropFirst($0) }
    for copy in copies {
      if let header = Self(copy: copy) {
        self = header
        return
      }
    }
    guard let known = copies.first(where: { $0.first == FlightLayout.magic }) else {
      throw .notARecording
    }
    let version = UInt32(truncatingIfNeeded: known[known.startIndex + FlightLayout.Header.version])
    guard version == FlightLayout.version else {
      throw .unknownVersion(version, known: FlightLayout.version)
    }
    throw .damagedHeader
  }

  private init?(copy: ArraySlice<UInt64>) {
    typealias Place = FlightLayout.Header
    let words = Array(copy.prefix(Place.clusterCheck + 1))
    let version = UInt64(FlightLayout.version) | UInt64(FlightLayout.recordBytes) << 32
    guard words.count == Place.clusterCheck + 1, words[Place.magic] == FlightLayout.magic,
      words[Place.check] == Self.check(words[..<Place.check], FlightLayout.headerSalt),
      words[Place.version] == version,
      (1...UInt64(FlightLayout.capacityMax)).contains(words[Place.capacity])
    else { return nil }
    self.init(
      capacity: Int(words[Place.capacity]), node: NodeID(words[Place.node]),
      incarnation: Incarnation(words[Place.incarnation]),
      startMoment: Instant(nanoseconds: Int64(bitPattern: words[Place.startMoment])),
      startTime: Timestamp(nanoseconds: words[Place.startTime]))
    let cluster = words[Place.cluster..<Place.clusterCheck]
    if words[Place.clusterCheck] == Self.check(cluster, FlightLayout.clusterSalt) {
      self.cluster = ClusterID(
        high: words[Place.cluster], low: words[Place.cluster + 1],
        generation: UInt32(truncatingIfNeeded: words[Place.cluster + 2]))
    }
  }

  private static func check(_ words: some Sequence<UInt64>, _ salt: UInt64) -> UInt64 {
    var check = FlightLayout.Check(salt: salt)
    for word in words { check.add(word) }
    return check.sum
  }
}
