import Raft
import RaftCommandLine
import RaftFiles

/// What a power cut leaves of the files of a killed server.
///
/// Everything synced is there. Of the rest, each file keeps by chance nothing, all, a beginning,
/// any sectors, or sectors of which one is torn; and the names that changed in a directory since
/// its last sync are all there or none.
struct PowerCut {
  /// What became of the bytes of one file that were not synced.
  private enum Fate: CaseIterable {
    case nothing
    case everything
    case beginning
    case sectors
    case torn
  }

  private static let sector = 512

  /// The folder as the server saw it.
  let data: String
  /// What the library before the server kept of it.
  let medium: String
  /// Whether nothing that was not synced survives, instead of what chance leaves.
  let isTotal: Bool
  private let files = SystemFileSystem()

  init(data: String, medium: String, isTotal: Bool = false) {
    self.data = data
    self.medium = medium
    self.isTotal = isTotal
  }

  /// Replaces the folder by what is left; returns how many bytes were lost.
  ///
  /// - Throws: ``Failure`` if the files cannot be read or written.
  func strike<Chance: RandomNumberGenerator>(_ chance: inout Chance) throws(Failure) -> Int {
    let left = self.data + ".left"
    TemporaryFolder(existing: left).remove()
    do throws(FileError) {
      guard try self.files.status(of: "\(self.medium)/tree") != nil else { return 0 }
      let lost = try self.keep("", in: left, try self.objects(), &chance)
      TemporaryFolder(existing: self.data).remove()
      TemporaryFolder(existing: self.medium).remove()
      try self.files.rename(left, to: self.data)
      return lost
    } catch {
      throw Failure(.failed, "the power cut could not be played: \(error)")
    }
  }

  /// The file that the server wrote to, by the identity of the object that holds what was synced.
  private func objects() throws(FileError) -> [UInt64: String] {
    var found: [UInt64: String] = [:]
    for name in try self.files.names(in: "\(self.medium)/objects") {
      found[FileIdentity.of("\(self.medium)/objects/\(name)")] = "\(self.medium)/live/\(name)"
    }
    return found
  }

  /// Writes what is left of a folder, named by its path below the root, to another one.
  private func keep<Chance: RandomNumberGenerator>(
    _ folder: String, in left: String, _ objects: [UInt64: String], _ chance: inout Chance
  ) throws(FileError) -> Int {
    let (tree, live) = ("\(self.medium)/tree\(folder)", "\(self.data)\(folder)")
    try self.files.createDirectory(left + folder)
    var lost = 0
    let isThere = try self.files.status(of: live)?.kind == .directory
    let areNamesKept = isThere && !self.isTotal && Bool.random(using: &chance)
    for name in try self.files.names(in: areNamesKept ? live : tree) {
      let path = "\(folder)/\(name)"
      let place = areNamesKept ? "\(live)/\(name)" : "\(tree)/\(name)"
      guard let status = try self.files.status(of: place) else { continue }
      if status.kind == .directory {
        guard try self.files.status(of: self.medium + "/tree" + path) != nil else { continue }
        lost += try self.keep(path, in: left, objects, &chance)
        continue
      }
      let identity = FileIdentity.of(place)
      let pair: (synced: String?, seen: String)
      if areNamesKept {
        let number = "\(self.medium)/objects/\(identity)"
        let isKnown = try self.files.status(of: number) != nil
        pair = (isKnown ? number : nil, place)
      } else {
        pair = (place, objects[identity] ?? place)
      }
      lost += try self.keep(synced: pair.synced, seen: pair.seen, as: left + path, &chance)
    }
    return lost
  }

  /// Writes what is left of one file.
  private func keep<Chance: RandomNumberGenerator>(
    synced: String?, seen: String, as path: String, _ chance: inout Chance
  ) throws(FileError) -> Int {
    var bytes =
      try synced.map { (path) throws(FileError) in try self.files.readFile(at: path) } ?? []
    let newer = try self.files.readFile(at: seen)
    let lost = self.isTotal ? newer.count : Self.merge(newer, into: &bytes, &chance)
    let file = try self.files.open(path, .createNew)
    defer { file.close() }
    try file.write(bytes, at: 0)
    return lost
  }

  /// Lets some of the newer bytes survive; returns how many do not.
  static func merge<Chance: RandomNumberGenerator>(
    _ newer: [UInt8], into bytes: inout [UInt8], _ chance: inout Chance
  ) -> Int {
    let sectors = stride(from: 0, to: max(newer.count, bytes.count), by: Self.sector).filter {
      newer[Self.range($0, in: newer)] != bytes[Self.range($0, in: bytes)]
    }
    guard !sectors.isEmpty, let fate = Fate.allCases.randomElement(using: &chance) else { return 0 }
    var kept: [Int]
    switch fate {
    case .nothing: kept = []
    case .everything: kept = sectors
    case .beginning: kept = Array(sectors.prefix(.random(in: 0...sectors.count, using: &chance)))
    case .sectors, .torn: kept = sectors.filter { _ in Bool.random(using: &chance) }
    }
    let torn = fate == .torn ? kept.popLast() : nil
    for start in kept { Self.bring(newer[Self.range(start, in: newer)], to: start, &bytes) }
    if let torn {
      let part = newer[Self.range(torn, in: newer)]
      Self.bring(part.prefix(.random(in: 0...part.count, using: &chance)), to: torn, &bytes)
    }
    return (sectors.count - kept.count) * Self.sector
  }

  private static func range(_ start: Int, in bytes: [UInt8]) -> Range<Int> {
    min(start, bytes.count)..<min(start + self.sector, bytes.count)
  }

  private static func bring(_ part: ArraySlice<UInt8>, to start: Int, _ bytes: inout [UInt8]) {
    if bytes.count < start + part.count {
      bytes += [UInt8](repeating: 0, count: start + part.count - bytes.count)
    }
    bytes.replaceSubrange(start..<start + part.count, with: part)
  }
}
