internal import Raft
internal import RaftCodec
internal import RaftFiles

/// A way through a snapshot file, from its beginning; blocks.
struct SnapshotScan: Sendable {
  private let file: any File
  private let path: String
  private var decoder = SnapshotFileDecoder()
  private var offset = 0
  /// What was wrong with the bytes; `nil` while nothing was.
  private(set) var failure: CodecError?

  init(file: any File, path: String) {
    self.file = file
    self.path = path
  }

  /// The next piece of the content; `nil` if it was complete and right.
  mutating func nextPiece() throws(StorageError) -> [UInt8]? {
    while true {
      switch try self.step() {
      case .description, .wants: continue
      case .content(let piece): return piece
      case .end: return nil
      }
    }
  }

  /// What the snapshot stands for, from the beginning and the end of the file alone.
  mutating func readMeta() throws(StorageError) -> SnapshotMeta {
    while self.decoder.description == nil { _ = try self.step() }
    let size = try onDisk { () throws(FileError) in try self.file.size() }
    let start = max(0, size - SnapshotFileDecoder.endSize)
    let end = try self.read(SnapshotFileDecoder.endSize, at: start)
    do throws(CodecError) {
      return try self.decoder.meta(fromEnd: end, at: start)
    } catch {
      self.failure = error
      throw StorageError(error, in: self.path)
    }
  }

  private mutating func step() throws(StorageError) -> SnapshotFileDecoder.Step {
    while true {
      let step: SnapshotFileDecoder.Step
      do throws(CodecError) {
        step = try self.decoder.next()
      } catch {
        self.failure = error
        throw StorageError(error, in: self.path)
      }
      guard case .wants(let count) = step else { return step }
      let bytes = try self.read(count, at: self.offset)
      self.offset += bytes.count
      self.decoder.supply(bytes)
    }
  }

  private func read(_ count: Int, at offset: Int) throws(StorageError) -> [UInt8] {
    try onDisk { () throws(FileError) in try self.file.read(upTo: count, at: offset) }
  }
}
