public import Raft

/// The flight recording of one node: its last steps, as the node wrote them down.
///
/// A node in production keeps it (`Configuration.flightRecords`); `RaftNode.flightRecording()`
/// gives its bytes.
public struct Recording: Sendable {
  let content: FlightRecording

  /// Reads the bytes of a recording; records that cannot be read are left out and counted.
  ///
  /// - Throws: ``UnreadableRecording`` if the bytes are no recording, or one of another version.
  public init(_ bytes: [UInt8]) throws(UnreadableRecording) {
    do {
      self.content = try FlightRecording(bytes)
    } catch {
      throw UnreadableRecording(reason: "\(error)")
    }
  }

  /// The node.
  public var node: NodeID { self.content.header.node }

  /// How many steps could be read.
  public var stepCount: Int { self.content.entries.count }

  /// What is missing in the recording, in a line; `nil` if nothing is.
  public var loss: String? {
    var losses: [String] = []
    if self.content.tornCount > 0 {
      losses.append("damaged records, left out: \(self.content.tornCount)")
    }
    if self.content.cutCount > 0 {
      losses.append("records that the file is too short for: \(self.content.cutCount)")
    }
    return losses.isEmpty ? nil : "n\(self.node): \(losses.joined(separator: ", "))"
  }
}

/// Why a file is no recording that can be shown.
public struct UnreadableRecording: Error, Hashable, Sendable {
  /// What is wrong, and what to do.
  public let reason: String
}

extension UnreadableRecording: CustomStringConvertible {
  /// The reason.
  public var description: String { self.reason }
}
