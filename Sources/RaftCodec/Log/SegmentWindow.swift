/// The stretch of a segment that a scanner holds at the moment.
struct SegmentWindow: Sendable {
  /// The bytes of the stretch.
  private(set) var bytes: [UInt8] = []
  /// Where in the file the stretch begins.
  private(set) var offset = 0
  private var asked = 0..<0

  /// Where in the file the stretch ends.
  var end: Int { self.offset + self.bytes.count }

  /// The index in ``bytes`` of this place in the file; `nil` unless all `count` bytes are there.
  func index(of place: Int, count: Int) -> Int? {
    place >= self.offset && place + count <= self.end ? place - self.offset : nil
  }

  /// Notes which bytes were asked for.
  mutating func ask(from place: Int, upTo end: Int) -> Range<Int> {
    self.asked = place..<end
    return self.asked
  }

  /// Takes the bytes asked for; if they are fewer, returns where the file must end.
  mutating func fill(_ bytes: [UInt8]) -> Int? {
    precondition(bytes.count <= self.asked.count, "\(bytes.count) bytes for \(self.asked)")
    self.bytes = bytes
    self.offset = self.asked.lowerBound
    return bytes.count < self.asked.count ? self.end : nil
  }
}
