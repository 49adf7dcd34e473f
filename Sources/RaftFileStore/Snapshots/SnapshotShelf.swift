internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Which snapshots there are.
struct SnapshotShelf: Sendable {
  /// The snapshots, the newest one last.
  private var snapshots: [FileSnapshot] = []
  /// The paths of snapshots whose description cannot be read, in the order they were made.
  private var unreadable: [String] = []
  private var nextNumber: UInt64 = 1
  /// Why the newest of the unreadable ones is that.
  private(set) var damage: StorageError?

  /// An empty shelf.
  init() {}

  /// The snapshot that reaches furthest; of several, the one made last.
  var newest: FileSnapshot? { self.snapshots.last }

  /// A number that no snapshot had before.
  mutating func takeNumber() -> UInt64 {
    defer { self.nextNumber += 1 }
    return self.nextNumber
  }

  /// Adds a snapshot that is durable.
  mutating func add(_ snapshot: FileSnapshot) {
    let position = snapshot.meta.lastLogID
    let place = self.snapshots.lastIndex { $0.meta.lastLogID <= position }.map { $0 + 1 } ?? 0
    self.snapshots.insert(snapshot, at: place)
  }

  /// Takes a snapshot for unreadable.
  mutating func setAside(_ snapshot: FileSnapshot) {
    guard let place = self.snapshots.firstIndex(where: { $0.path == snapshot.path }) else { return }
    self.snapshots.remove(at: place)
    self.unreadable.append(snapshot.path)
    self.damage = .damaged(snapshot.path, "its content cannot be read")
  }

  /// Takes all but the newest ones off the shelf; returns the paths of the files to remove.
  ///
  /// Unreadable ones stay as evidence until there are enough that can be read.
  mutating func retire(keeping count: Int) -> [String] {
    guard self.snapshots.count >= count else { return [] }
    let superseded = self.snapshots.prefix(self.snapshots.count - count).map(\.path)
    self.snapshots.removeFirst(superseded.count)
    defer { self.unreadable = [] }
    return superseded + self.unreadable
  }
}

extension SnapshotShelf {
  /// What lies in a folder, without what is left of unfinished snapshots, which is removed; blocks.
  init(in folder: Folder) throws(StorageError) {
    let directory = folder.layout.snapshots
    let names = try onDisk { () throws(FileError) in
      // Names that a process that ended left behind may not be durable yet.
      try folder.fileSystem.syncDirectory(directory)
      let names = try folder.fileSystem.names(in: directory)
      for name in names where FolderLayout.isUnfinished(name) {
        try folder.fileSystem.remove(FilePath.joining(directory, name))
      }
      return names
    }
    for number in names.compactMap(FolderLayout.snapshotNumber).sorted() {
      self.nextNumber = number + 1
      let path = folder.layout.snapshot(number)
      do throws(StorageError) {
        self.add(try FileSnapshot(openedAt: path, in: folder))
      } catch {
        guard error.kind == .corrupted else { throw error }
        self.unreadable.append(path)
        self.damage = error
      }
    }
  }
}
