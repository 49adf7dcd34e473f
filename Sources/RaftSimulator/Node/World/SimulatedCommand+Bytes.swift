import Raft

extension SimulatedMachine {
  static func encode(_ command: SimulatedCommand, into writer: inout PayloadWriter) {
    command.write(to: &writer)
    // Lengths differ, so that limits in bytes are met at different places.
    writer.write([UInt8](repeating: 0xAA, count: command.padding))
  }

  static func decode(_ payload: PayloadReader) throws -> SimulatedCommand {
    var bytes = payload.bytes[...]
    return SimulatedCommand(reading: &bytes)
  }
}

extension SimulatedCommand {
  /// How many bytes without meaning follow.
  fileprivate var padding: Int { self.value % 61 == 0 ? 4096 : Int(self.value % 23) }

  func write(to writer: inout PayloadWriter) {
    writer.write(self.value)
    writer.write(UInt64(self.key))
    writer.write(self.expected ?? .max)
    writer.write(UInt64(self.guest.count))
    writer.write(self.guest)
  }

  init(reading bytes: inout ArraySlice<UInt8>) {
    self.value = bytes.takeNumber()
    self.key = Int(bytes.takeNumber())
    let expected = bytes.takeNumber()
    self.expected = expected == .max ? nil : expected
    let count = Int(bytes.takeNumber())
    self.guest = Array(bytes.prefix(count))
    bytes = bytes.dropFirst(count)
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number of eight bytes off the front.
  mutating func takeNumber() -> UInt64 {
    let number = self.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    self = self.dropFirst(8)
    return number
  }
}
