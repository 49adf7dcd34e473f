import RaftConcurrency
public import RaftFiles

// MARK: Crashes

extension SimulatedFileSystem {
  /// Ends the process that used the disk, and leaves on it what the mode leaves.
  ///
  /// Every handle of before is dead, and throws `FileError.Code.crashed`; every lock is free;
  /// planned faults are forgotten. The disk can be used again at once, as by a new process.
  public func crash(_ mode: CrashMode) {
    self.disk.withLock { $0.crash(mode) }
  }

  /// Plans a halt: the mutating operation of this number, and every call after it, throws
  /// `FileError.Code.crashed` and changes nothing, until ``crash(_:)`` is called.
  ///
  /// The numbers are those of ``operationCount``: to try them all, run the work once, and then
  /// once more for each number up to the count it left. A number that has passed halts the next one.
  public func crashBefore(operation number: Int) {
    self.disk.withLock { $0.faults.crashBefore = number }
  }

  /// Shows a copy of the disk just before each mutating operation, with the operation's number.
  ///
  /// So one life of a store has each of its operations as a crash point exactly once: let the copy
  /// ``crash(_:)`` and look what is left. The closure is called on the thread that asked for the
  /// operation, in the order of the numbers; it must not use this disk. A crash ends it.
  public func observeOperations(
    _ body: @escaping @Sendable (_ operation: Int, _ copy: SimulatedFileSystem) -> Void
  ) {
    self.disk.withLock { disk in
      disk.observer = { disk in
        var fork = disk
        fork.restart()
        body(disk.mutations, SimulatedFileSystem(fork))
      }
    }
  }

  /// Whether the planned halt has come.
  public var isHalted: Bool { self.disk.withLock { $0.halted } }

  /// Another disk with the same bytes, names, journal, and unsynced work.
  ///
  /// It has no open handles, no locks, and no planned faults, as if a new process looked at it.
  public func copy() -> SimulatedFileSystem {
    var fork = self.disk.withLock { $0 }
    fork.restart()
    return SimulatedFileSystem(fork)
  }

  /// The process id that locks name: 1 at first, and one more after each crash or copy.
  public var processID: Int32 { self.disk.withLock { Int32($0.life) } }
}

// MARK: Faults

extension SimulatedFileSystem {
  /// How many mutating operations were asked for so far, so the number of the latest.
  ///
  /// Counted are writes, size changes, syncs, creations, renames, and removals, whether they
  /// succeeded or not; not counted are reads, look-ups, opening what exists, and closing.
  public var operationCount: Int { self.disk.withLock { $0.mutations } }

  /// Plans a fault for the mutating operation of this number.
  ///
  /// A failed write leaves the first half of its bytes. After a failed sync the unsynced work
  /// stays readable, but no later sync makes it durable. Anything else changes nothing.
  public func fail(operation number: Int, with code: FileError.Code) {
    self.disk.withLock { $0.faults.numbered[number] = code }
  }

  /// How many reads of files were asked for so far, so the number of the latest.
  public var readCount: Int { self.disk.withLock { $0.reads } }

  /// Plans a fault for the read of this number.
  public func fail(read number: Int, with fault: ReadFault) {
    self.disk.withLock { $0.faults.reads[number] = fault }
  }

  /// Plans a fault for the next operation of a kind, on one path or on any; several such plans
  /// are used up one by one.
  ///
  /// An operation on an open file has the path of its opening; a rename, the old path. The marks
  /// it leaves are those of ``fail(operation:with:)``.
  public func failNext(
    _ operation: FileOperation, on path: String? = nil, with code: FileError.Code = .ioError
  ) {
    let fault = FaultPlan.Waiting(operation: operation, path: path.map(DiskPath.init), code: code)
    self.disk.withLock { $0.faults.waiting.append(fault) }
  }

  /// Lets every mutating operation fail from now on; with `nil`, the device works again.
  ///
  /// The marks they leave are those of ``fail(operation:with:)``.
  public func failEverything(with code: FileError.Code?) {
    self.disk.withLock { $0.faults.everything = code }
  }

  /// The bytes that all files together may take, by their sizes; `nil` for no limit.
  ///
  /// A write past it leaves what fits and throws `FileError.Code.noSpace`.
  public var capacity: Int? {
    get { self.disk.withLock { $0.capacity } }
    set { self.disk.withLock { $0.capacity = newValue } }
  }

  /// Turns one bit on the medium, as decay does; bit 0 is the lowest of the byte.
  ///
  /// Throws `FileError.Code.notFound`, or `FileError.Code.tooShort(missing:)` for a byte that
  /// is not durable. It is no operation and leaves no event.
  public func flip(bit: Int, at offset: Int, in path: String) throws(FileError) {
    try self.disk.withLock { (disk) throws(FileError) in
      try disk.flip(bit: bit, at: offset, in: DiskPath(path))
    }
  }
}

// MARK: Journal

extension SimulatedFileSystem {
  /// What happened so far, in order.
  public var journal: FileJournal { self.disk.withLock { $0.journal } }

  /// Puts a mark of the test's own, such as "acknowledged 7", into the order of events, and
  /// returns its sequence number.
  @discardableResult
  public func note(_ mark: String) -> Int {
    self.disk.withLock { disk in
      disk.journal.record(.noted(mark))
      return disk.journal.count
    }
  }
}
