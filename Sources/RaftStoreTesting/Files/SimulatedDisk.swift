import Glibc
import RaftFiles

/// Everything a simulated machine knows of its disk: a value, so that a copy is a fork.
struct SimulatedDisk {
  static let root = 0

  var files: [Int: FileNode] = [:]
  var directories = [Self.root: DirectoryNode()]
  private var nodeCount = 1

  /// The open handles and the claims on lock files, each under a number never used again.
  var handles: [Int: Handle] = [:]
  var claims: [Int: Claim] = [:]
  private var ticketCount = 0
  /// How often the machine has been started; handles of an earlier life are dead.
  var life = 1

  var faults = FaultPlan()
  var halted = false
  var mutations = 0
  var reads = 0
  var capacity: Int?
  var journal: FileJournal
  /// Is shown the disk before each mutating operation.
  var observer: (@Sendable (SimulatedDisk) -> Void)?

  struct Handle {
    var node: Int
    var path: DiskPath
    var isWritable: Bool
  }

  struct Claim {
    var node: Int
    /// Whether others may claim the lock file in the same way.
    var isShared: Bool
  }

  init(capacity: Int?, journal: FileJournal) {
    self.capacity = capacity
    self.journal = journal
  }

  mutating func newNode() -> Int {
    defer { self.nodeCount += 1 }
    return self.nodeCount
  }

  mutating func newTicket() -> Int {
    defer { self.ticketCount += 1 }
    return self.ticketCount
  }
}

// MARK: Names

extension SimulatedDisk {
  /// The node of a path, or `nil` where it names nothing.
  func lookUp(_ path: DiskPath) -> Int? {
    var node = Self.root
    for component in path.components {
      guard let next = self.directories[node]?.cached[component] else { return nil }
      node = next
    }
    return node
  }

  /// The node of a path, or the error that a look-up of it gives.
  func find(_ operation: FileOperation, _ path: DiskPath) throws(FileError) -> Int {
    if let node = self.lookUp(path) { return node }
    for level in path.parent.levels {
      guard let node = self.lookUp(level) else { break }
      if self.directories[node] == nil {
        throw FileError(operation, path.description, .other(errno: ENOTDIR))
      }
    }
    throw FileError(operation, path.description, .notFound)
  }

  func findDirectory(_ operation: FileOperation, _ path: DiskPath) throws(FileError) -> Int {
    let node = try self.find(operation, path)
    guard self.directories[node] != nil else {
      throw FileError(operation, path.description, .other(errno: ENOTDIR))
    }
    return node
  }

  func findFile(_ operation: FileOperation, _ path: DiskPath) throws(FileError) -> Int {
    let node = try self.find(operation, path)
    guard self.files[node] != nil else {
      throw FileError(operation, path.description, .other(errno: EISDIR))
    }
    return node
  }

  /// The directory that holds the path's name, and that name.
  func findEntry(
    _ operation: FileOperation, _ path: DiskPath
  ) throws(FileError) -> (directory: Int, name: String) {
    guard let name = path.name else {
      throw FileError(operation, path.description, .other(errno: EISDIR))
    }
    do throws(FileError) {
      return (try self.findDirectory(operation, path.parent), name)
    } catch {
      throw FileError(operation, path.description, error.code)
    }
  }
}

// MARK: Space

extension SimulatedDisk {
  /// What the files take that have a name or an open handle, by their size.
  var usedBytes: Int {
    var nodes = Set(self.directories.values.flatMap(\.cached.values))
    nodes.formUnion(self.handles.values.map(\.node))
    return nodes.reduce(0) { $0 + (self.files[$1]?.cached.count ?? 0) }
  }

  var availableBytes: Int {
    self.capacity.map { max(0, $0 - self.usedBytes) } ?? .max
  }

  /// Lets go of the nodes that nothing leads to any more.
  mutating func collect() {
    var found = Set(self.handles.values.map(\.node))
    var waiting = [Self.root]
    while let node = waiting.popLast() {
      guard found.insert(node).inserted else { continue }
      waiting += self.directories[node]?.reachable ?? []
    }
    self.files = self.files.filter { found.contains($0.key) }
    self.directories = self.directories.filter { found.contains($0.key) }
  }
}

// MARK: Faults

extension SimulatedDisk {
  /// Whether an operation changes what is on the disk, so that it has a number.
  enum Effect {
    case reads
    case mutates
  }

  func checkRunning(_ operation: FileOperation, _ path: DiskPath) throws(FileError) {
    if self.halted { throw FileError(operation, path.description, .crashed) }
  }

  /// Counts an operation, and returns the fault that is planned for it.
  mutating func fault(
    _ effect: Effect, _ operation: FileOperation, _ path: DiskPath
  ) throws(FileError) -> FileError.Code? {
    try self.checkRunning(operation, path)
    if effect == .mutates {
      self.mutations += 1
      self.observer?(self)
      if let number = self.faults.crashBefore, self.mutations >= number {
        self.halted = true
        self.journal.record(.halted)
        throw FileError(operation, path.description, .crashed)
      }
    }
    return self.faults.take(number: effect == .mutates ? self.mutations : nil, operation, path)
  }

  /// Counts an operation, and throws the fault that is planned for it.
  mutating func admit(
    _ effect: Effect, _ operation: FileOperation, _ path: DiskPath, file: Int? = nil
  ) throws(FileError) {
    guard let code = try self.fault(effect, operation, path) else { return }
    throw self.refusal(operation, path, code, file: file)
  }

  /// The error of a refused operation, once it stands in the journal.
  mutating func refusal(
    _ operation: FileOperation, _ path: DiskPath, _ code: FileError.Code, file: Int? = nil
  ) -> FileError {
    self.journal.record(.failed(operation, path.description, code), file: file)
    return FileError(operation, path.description, code)
  }
}

// MARK: Crash

extension SimulatedDisk {
  /// Ends the life of every handle and claim, and leaves what the mode leaves on the disk.
  mutating func crash(_ mode: CrashMode) {
    var chance = mode.chance
    for node in self.directories.keys.sorted() {
      self.directories[node]!.crash(mode, &chance)
    }
    for node in self.files.keys.sorted() { self.files[node]!.crash(mode, &chance) }
    self.restart()
    self.collect()
    self.journal.record(.crashed(mode))
  }

  /// Starts a new life without handles, claims, and planned faults.
  mutating func restart() {
    self.handles = [:]
    self.claims = [:]
    self.faults = FaultPlan()
    self.halted = false
    self.observer = nil
    self.life += 1
  }
}
