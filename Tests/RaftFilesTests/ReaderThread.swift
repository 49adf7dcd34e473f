import Glibc
import RaftFiles

/// A thread that reads the same bytes of a file over and over, until a read is refused.
final class ReaderThread: @unchecked Sendable {
  private let file: any File
  private let expected: [UInt8]
  private let started: UnsafeMutablePointer<sem_t>
  private var thread = pthread_t()
  private var outcome: FileError?

  init(_ file: any File, expecting bytes: [UInt8]) {
    self.file = file
    self.expected = bytes
    self.started = .allocate(capacity: 1)
    sem_init(self.started, 0, 0)
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &self.thread, nil,
      { context in
        Unmanaged<ReaderThread>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
  }

  deinit {
    self.started.deallocate()
  }

  func waitForFirstRead() {
    sem_wait(self.started)
  }

  /// Waits for the thread, and returns the refusal that ended it.
  func join() -> FileError? {
    pthread_join(self.thread, nil)
    return self.outcome
  }

  private func run() {
    do throws(FileError) {
      while try self.file.read(upTo: self.expected.count, at: 0) == self.expected {
        sem_post(self.started)
      }
    } catch {
      self.outcome = error
    }
    sem_post(self.started)
  }
}
