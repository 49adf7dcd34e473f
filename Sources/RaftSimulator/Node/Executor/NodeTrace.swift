/// What happened in a run, in order: always as one hash, and as text if it is wanted.
final class NodeTrace {
  private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  /// The events as lines; `nil` if only the hash is kept.
  private(set) var lines: [String]?

  init(_ recording: NodeSimulation.Recording) {
    self.lines = recording == .text ? [] : nil
  }

  /// A job was run, the one at this place among those that were ready.
  func step(_ choice: Int, at now: Int64) {
    self.mix(UInt64(truncatingIfNeeded: choice))
    self.mix(UInt64(bitPattern: now))
  }

  /// Something happened that people want to read.
  func note(_ text: String, at now: Int64) {
    for byte in text.utf8 { self.hash = (self.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    self.mix(UInt64(bitPattern: now))
    self.lines?.append("\(Self.time(now)) \(text)")
  }

  /// Seconds with six decimals, right-aligned.
  static func time(_ nanoseconds: Int64) -> String {
    let micros = String(nanoseconds / 1000 % 1_000_000)
    let seconds = String(nanoseconds / 1_000_000_000)
    return String(repeating: " ", count: max(0, 3 - seconds.count)) + seconds + "."
      + String(repeating: "0", count: 6 - micros.count) + micros
  }

  private func mix(_ number: UInt64) {
    var mixed = self.hash ^ number
    mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    self.hash = mixed ^ (mixed >> 29)
  }
}
