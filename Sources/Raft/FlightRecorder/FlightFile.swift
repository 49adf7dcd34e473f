import Glibc

/// Opening the file of a flight recording, to begin it or to go on where the last life ended.
enum FlightFile {
  /// A recording that is ready to be gone on with.
  struct Opened {
    let mapping: FlightMapping
    /// The number of its last record; 0 if there is none.
    var last: UInt64 = 0
    /// How the clock of the life before lay; `nil` if there was none.
    var clockOffset: Int64?
  }

  /// Opens or makes the file, for this process alone.
  ///
  /// A recording of another size or version is set aside as `PATH.previous`.
  ///
  /// - Throws: ``StorageError`` if the file is in use, is no recording, belongs to another node,
  ///   or cannot be used.
  static func open(
    _ path: String, capacity: Int, node: NodeID
  ) throws(StorageError) -> Opened {
    let descriptor = try Self.lock(path)
    let page: [UInt64]
    do throws(StorageError) {
      page = try Self.firstPage(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    guard page.contains(where: { $0 != 0 }) else {
      return try Self.begin(path, capacity, descriptor)
    }
    do {
      let header = try FlightHeader(page[...])
      guard header.node == node else {
        close(descriptor)
        throw StorageError(
          .foreign,
          "\(path) is the flight recording of node \(header.node), this is node \(node): name a "
            + "file of its own for each node")
      }
      if header.capacity == capacity {
        return try Self.resume(path, header, descriptor)
      }
    } catch let error as StorageError {
      throw error
    } catch FlightRecordingError.notARecording {
      close(descriptor)
      throw StorageError(
        .foreign, "\(path) is no flight recording and is left as it is: name another file")
    } catch {
      // Another version, or a damaged header: kept for whoever can read it.
    }
    return try Self.replace(path, capacity, descriptor)
  }

  private static func lock(_ path: String) throws(StorageError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
    guard descriptor >= 0 else { throw Self.failure("opened", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StorageError(
        .locked, "another node records in \(path): name a file of its own for each node")
    }
    return descriptor
  }

  /// The header's words; zeros where the file ends before.
  private static func firstPage(
    _ descriptor: Int32, _ path: String
  ) throws(StorageError) -> [UInt64] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("looked at", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StorageError(.foreign, "\(path) is no file: name one for the flight recording")
    }
    var page = [UInt64](repeating: 0, count: FlightLayout.headerWords)
    let count = page.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw Self.failure("read", path) }
    return page.map { UInt64(littleEndian: $0) }
  }

  /// Reserves the space: where there is none, a store to the mapping would end the process.
  private static func begin(
    _ path: String, _ capacity: Int, _ descriptor: Int32
  ) throws(StorageError) -> Opened {
    let failure = posix_fallocate(descriptor, 0, off_t(FlightMapping.byteCount(capacity)))
    guard failure == 0 else {
      close(descriptor)
      throw StorageError(
        failure == ENOSPC ? .full : .io,
        "\(path) cannot get \(FlightMapping.byteCount(capacity)) bytes for the flight recording: "
          + String(cString: strerror(failure)))
    }
    return Opened(
      mapping: try FlightMapping(capacity: capacity, path: path, descriptor: descriptor))
  }

  private static func resume(
    _ path: String, _ header: FlightHeader, _ descriptor: Int32
  ) throws(StorageError) -> Opened {
    var opened = try Self.begin(path, header.capacity, descriptor)
    for slot in 0..<header.capacity {
      let first = opened.mapping.place(ofSlot: slot)
      guard opened.mapping.word(at: first) > opened.last else { continue }
      let words = opened.mapping.words(from: first, count: FlightLayout.recordWords)
      if let record = FlightRecord(words[...]) { opened.last = record.sequence }
    }
    opened.clockOffset = header.clockOffset
    return opened
  }

  private static func replace(
    _ path: String, _ capacity: Int, _ old: Int32
  ) throws(StorageError) -> Opened {
    // The lock of the old file ends with its descriptor, when the new one is locked.
    defer { close(old) }
    guard rename(path, "\(path).previous") == 0 else { throw Self.failure("set aside", path) }
    return try Self.begin(path, capacity, try Self.lock(path))
  }

  private static func failure(_ verb: String, _ path: String) -> StorageError {
    let reason = String(cString: strerror(errno))
    return StorageError(
      errno == ENOSPC ? .full : .io,
      "the flight recording \(path) cannot be \(verb): \(reason); check the folder")
  }
}
