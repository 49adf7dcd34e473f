import RaftCommandLine

/// What `raft-bench log` measures.
struct LogOptions: Sendable {
  enum Store: String, CaseIterable, Sendable {
    case file
    case rocksdb
  }

  /// What is measured in turns with the store.
  enum Rival: String, CaseIterable, Sendable {
    case rocksdb
  }

  var store = Store.file
  var rival: Rival?
  var entryBytes = 256
  var writers = 64
  var seconds = 5
  /// Where the store's directory is made; it is removed afterwards.
  var directory = "."
  /// How many entries a log has that is opened again; `nil` measures writing.
  var reopens: Int?
  var format = InProcessOptions.Format.text

  private static let known = [
    "--store", "--beside", "--entry-bytes", "--writers", "--seconds", "--directory", "--reopen",
    "--format",
  ]

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    while let name = rest.popFirst() {
      guard Self.known.contains(name) else {
        throw UsageError(
          "'\(name)' is no option of log; it knows \(Self.known.joined(separator: ", "))")
      }
      guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
      try self.take(name, value)
    }
    #if !RocksDB
    guard self.store != .rocksdb, self.rival == nil else {
      throw UsageError(
        "this raft-bench was built without RocksDB: install librocksdb-dev, and build it with 'swift "
          + "build -c release --traits RocksDB --product raft-bench'")
    }
    #endif
    guard self.reopens == nil || self.rival == nil else {
      throw UsageError("--beside is measured by writing: leave it out with --reopen")
    }
  }

  private mutating func take(_ name: String, _ value: String) throws(UsageError) {
    switch name {
    case "--store": self.store = try InProcessOptions.choice(value, of: name)
    case "--beside": self.rival = try InProcessOptions.choice(value, of: name)
    case "--entry-bytes":
      self.entryBytes = try Magnitude.number(value, of: name, in: 0...(8 << 20))
    case "--writers": self.writers = try Magnitude.number(value, of: name, in: 1...100_000)
    case "--seconds": self.seconds = try Magnitude.number(value, of: name, in: 1...3600)
    case "--directory": self.directory = value
    case "--reopen": self.reopens = try Magnitude.number(value, of: name, in: 1...1_000_000_000)
    default: self.format = try InProcessOptions.choice(value, of: name)
    }
  }
}
