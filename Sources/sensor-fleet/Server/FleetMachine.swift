import Raft
import RaftJSON
import SensorFleetModel

/// The machine behind the log: the fleet's configuration, told to somebody at every change.
struct FleetMachine: StateMachine {
  static let mediaType = "application/json"

  var configuration = FleetConfiguration()
  private let tell: @Sendable (FleetConfiguration, UInt64) -> Void

  /// An empty configuration.
  ///
  /// - Parameter tell: Gets every new configuration with its place in the log, in that order; it
  ///   must not take long.
  init(tell: @escaping @Sendable (FleetConfiguration, UInt64) -> Void) {
    self.tell = tell
  }

  var digest: UInt64? { self.configuration.digest }

  static func encode(_ command: FleetCommand, into writer: inout PayloadWriter) {
    var json = JSONWriter()
    json.write(command)
    writer.write(json.finish())
  }

  static func decode(_ payload: PayloadReader) throws -> FleetCommand {
    try FleetCommand(json: JSONDocument(payload.bytes).root)
  }

  mutating func apply(_ command: FleetCommand, in context: ApplyContext) -> FleetReceipt {
    let index = context.logID.index.rawValue
    do throws(FleetRefusal) {
      try self.configuration.apply(command, at: index)
      self.tell(self.configuration, index)
      return FleetReceipt(index: index, starts: self.starts(of: command), refusal: nil)
    } catch {
      return FleetReceipt(index: index, starts: nil, refusal: error)
    }
  }

  private func starts(of command: FleetCommand) -> UInt64? {
    guard case .started(let id, _) = command else { return nil }
    return self.configuration.server(id)?.starts
  }

  func freeze() -> any FrozenState {
    FrozenConfiguration(configuration: self.configuration)
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    self.configuration = try FleetConfiguration(json: JSONDocument(bytes).root)
    self.tell(self.configuration, snapshot.lastLogID.index.rawValue)
  }
}

/// A configuration on its way into a snapshot.
private struct FrozenConfiguration: FrozenState {
  let configuration: FleetConfiguration

  func write(to sink: SnapshotSink) async throws {
    try await sink.write(self.configuration.bytes)
  }
}

/// What a command did.
struct FleetReceipt: Sendable {
  /// The command's place in the log.
  let index: UInt64
  /// How often the server has started that says so.
  let starts: UInt64?
  /// Why nothing was changed.
  let refusal: FleetRefusal?
}
