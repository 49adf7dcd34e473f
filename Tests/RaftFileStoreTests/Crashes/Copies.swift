import RaftFiles
import RaftStoreTesting
import Synchronization

/// Copies of a disk, each taken before an operation.
final class Copies: Sendable {
  private let list = Mutex<[(operation: Int, disk: SimulatedFileSystem)]>([])

  var all: [(operation: Int, disk: SimulatedFileSystem)] { self.list.withLock { $0 } }

  func take(_ operation: Int, _ disk: SimulatedFileSystem) {
    self.list.withLock { $0.append((operation, disk)) }
  }
}

/// How a device refuses an operation.
enum FileFault: CaseIterable {
  case broken
  case full

  var code: FileError.Code {
    switch self {
    case .broken: .ioError
    case .full: .noSpace
    }
  }
}
