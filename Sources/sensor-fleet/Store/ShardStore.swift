import RaftFiles
import SensorFleetModel

/// All shards that a server holds, one folder each; belongs to the thread of the store.
final class ShardStore {
  /// What the file layer did, as its record shows.
  struct Tally: Equatable, Sendable {
    var recordsWritten = 0
    var bytesWritten = 0
    var syncs = 0
  }

  private let folder: String
  private let files: any FileSystem
  private var logs: [ShardID: ShardLog] = [:]
  private(set) var tally = Tally()

  init(folder: String, _ files: any FileSystem = SystemFileSystem()) {
    self.folder = folder
    self.files = files
  }

  /// Opens every log that is there.
  func open() throws(StoreError) {
    let names: [String]
    do throws(FileError) {
      try self.files.createDirectoryDurably(self.folder)
      names = try self.files.names(in: self.folder)
    } catch {
      throw .file(error)
    }
    for name in names where name.hasPrefix("shard-") {
      guard let place = Int(name.dropFirst(6)) else { continue }
      _ = try self.log(of: ShardID(place))
    }
  }

  /// The log of a shard, made if it is not there.
  func log(of shard: ShardID) throws(StoreError) -> ShardLog {
    if let log = self.logs[shard] { return log }
    let path = FilePath.joining(self.folder, "shard-\(shard)")
    let log = try ShardLog(folder: path, self.files)
    self.logs[shard] = log
    return log
  }

  /// Adds records to a shard's log.
  func append(_ records: [ShardRecord], to shard: ShardID) throws(StoreError) {
    let log = try self.log(of: shard)
    do throws(FileError) {
      try log.append(records)
    } catch {
      throw .file(error)
    }
    self.tally.recordsWritten += records.count
    self.tally.bytesWritten += records.reduce(0) { $0 + $1.fileBytes }
  }

  /// Removes the records of a shard behind this one.
  func truncate(_ shard: ShardID, after sequence: UInt64) throws(StoreError) {
    let log = try self.log(of: shard)
    do throws(FileError) {
      try log.truncate(after: sequence)
    } catch {
      throw .file(error)
    }
  }

  /// Removes a shard's records; nothing happens if there are none.
  func drop(_ shard: ShardID) throws(StoreError) {
    guard let log = self.logs[shard], log.shape.last != .start else { return }
    do throws(FileError) {
      try log.removeAll()
    } catch {
      throw .file(error)
    }
  }

  /// Makes everything durable.
  func sync() throws(StoreError) {
    do throws(FileError) {
      for log in self.logs.values where try log.sync() { self.tally.syncs += 1 }
    } catch {
      throw .file(error)
    }
  }

  /// Ends the use of all files.
  func close() {
    for log in self.logs.values { log.close() }
    self.logs = [:]
  }
}
