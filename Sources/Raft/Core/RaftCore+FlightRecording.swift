import Glibc
import RaftConcurrency

extension RaftCore {
  /// The recording as it is now.
  func flightRecording() throws(FlightRecorderError) -> [UInt8] {
    guard self.configuration.flightRecords > 0 else { throw .switchedOff }
    guard let mapping = self.flight.withLock({ $0 }) else { throw .notStarted }
    return mapping.bytes()
  }

  /// Writes the recording to a file, which has its name only when it is whole.
  func writeFlightRecording(to path: String) throws(FlightRecorderError) {
    let bytes = try self.flightRecording()
    if let own = self.configuration.flightRecording, Self.isSameFile(own, path) {
      throw .inUse(path: path)
    }
    let partial = "\(path).partial"
    let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard file >= 0 else { throw Self.unwritable(path) }
    var isWritten = true
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while isWritten, !rest.isEmpty {
        let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else {
          isWritten = count < 0 && errno == EINTR
        }
      }
    }
    guard isWritten, close(file) == 0, rename(partial, path) == 0 else {
      let error = Self.unwritable(path)
      if !isWritten { close(file) }
      unlink(partial)
      throw error
    }
  }

  private static func unwritable(_ path: String) -> FlightRecorderError {
    .unwritable(path: path, reason: String(cString: strerror(errno)))
  }

  private static func isSameFile(_ one: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    return stat(one, &first) == 0 && stat(other, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Ends the process over a broken invariant, and says where to read what led to it.
  func halt(_ breach: InvariantBreach) -> Never {
    var text = "node \(self.id) broke an invariant: \(breach.evidence)"
    if self.configuration.flightRecords > 0 {
      if let path = self.configuration.flightRecording {
        text += "\nWhat led to it is recorded: raft-sim replay \(path)"
      } else {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/raft-node-\(self.id)-\(getpid()).recording"
        do throws(FlightRecorderError) {
          try self.writeFlightRecording(to: path)
          text += "\nWhat led to it is recorded: raft-sim replay \(path)"
        } catch {
          text += "\nWhat led to it is lost: \(error)"
        }
      }
    }
    fatalError(text)
  }
}
