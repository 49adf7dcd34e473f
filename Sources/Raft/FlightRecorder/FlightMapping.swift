import Glibc
import Synchronization

/// The memory of a flight recording: anonymous, or a file that survives the process.
///
/// Words are written by the node's core alone and may be read by anybody at any time; checks tell
/// a reader which records it met in the middle of their writing.
final class FlightMapping: Sendable {
  /// How many records there is room for.
  let capacity: Int
  /// The file; `nil` for anonymous memory.
  let path: String?
  /// All of it.
  // Shared by design: every access is atomic.
  nonisolated(unsafe) let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let byteCount: Int
  /// The open file, which holds the lock; -1 if there is none.
  private let descriptor: Atomic<Int32>

  /// Memory that ends with the process.
  init(capacity: Int) throws(StorageError) {
    self.capacity = capacity
    self.path = nil
    self.byteCount = Self.byteCount(capacity)
    self.descriptor = Atomic(-1)
    self.words = try Self.map(self.byteCount, MAP_PRIVATE | MAP_ANONYMOUS, -1, "memory")
  }

  /// A file of this size; takes over the descriptor, which must hold its lock.
  init(capacity: Int, path: String, descriptor: Int32) throws(StorageError) {
    self.capacity = capacity
    self.path = path
    self.byteCount = Self.byteCount(capacity)
    do throws(StorageError) {
      self.words = try Self.map(self.byteCount, MAP_SHARED, descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = Atomic(descriptor)
  }

  deinit {
    munmap(self.words, self.byteCount)
    self.release()
  }

  /// Lets others use the file; what was recorded can still be read here.
  func release() {
    let descriptor = self.descriptor.exchange(-1, ordering: .relaxed)
    guard descriptor >= 0 else { return }
    // The mapping keeps the file open, and with it the lock, behind a closed descriptor.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  static func byteCount(_ capacity: Int) -> Int {
    FlightLayout.headerBytes + capacity * FlightLayout.recordBytes
  }

  private static func map(
    _ byteCount: Int, _ flags: Int32, _ descriptor: Int32, _ what: String
  ) throws(StorageError) -> UnsafeMutablePointer<Atomic<UInt64>> {
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, descriptor, 0)
    guard let memory, memory != UnsafeMutableRawPointer(bitPattern: -1) else {
      throw StorageError(
        .io,
        "\(byteCount) bytes of \(what) cannot be mapped for the flight recorder: "
          + "\(String(cString: strerror(errno))); give it fewer records or none")
    }
    return memory.bindMemory(to: Atomic<UInt64>.self, capacity: byteCount / 8)
  }

  // MARK: Words

  /// The place of a record's first word.
  func place(ofSlot slot: Int) -> Int {
    FlightLayout.headerWords + slot * FlightLayout.recordWords
  }

  func store(_ word: UInt64, at place: Int) {
    self.words[place].store(word.littleEndian, ordering: .relaxed)
  }

  /// Stores a word that vouches for those stored before it.
  func seal(_ word: UInt64, at place: Int) {
    self.words[place].store(word.littleEndian, ordering: .releasing)
  }

  func word(at place: Int) -> UInt64 {
    UInt64(littleEndian: self.words[place].load(ordering: .acquiring))
  }

  /// The words from a place on.
  func words(from place: Int, count: Int) -> [UInt64] {
    (place..<place + count).map(self.word)
  }
}
