import Glibc
import RaftCommandLine
import RaftFiles
import RaftJSON
import SensorFleetModel

/// What tells a server's folder from all others, in the file `IDENTITY`.
struct FleetIdentity: Equatable, Sendable {
  /// The server that the folder belongs to.
  let server: ServerID
  /// The name of what is in it.
  let store: String
  /// The fleet; empty until the server knows one.
  var fleet = ""

  /// Reads a folder's identity, or gives it one.
  ///
  /// - Throws: ``Failure`` if the folder cannot be used, or is another server's.
  static func open(_ folder: String, for id: ServerID) throws(Failure) -> FleetIdentity {
    let path = FilePath.joining(folder, "IDENTITY")
    let files = SystemFileSystem()
    let bytes: [UInt8]
    do throws(FileError) {
      try files.createDirectoryDurably(folder)
      guard try files.status(of: path) != nil else {
        let number = UInt64.random(in: .min ... .max)
        let identity = FleetIdentity(server: id, store: String(number, radix: 36))
        try identity.write(to: folder)
        return identity
      }
      bytes = try files.readFile(at: path)
    } catch {
      throw Failure(.unusable, "the data folder \(folder) cannot be used: \(error)")
    }
    guard let identity = FleetIdentity(bytes) else {
      throw Failure(.unusable, "\(path) is not what this program writes: correct --data")
    }
    guard identity.server == id else {
      throw Failure(
        .unusable,
        "the folder \(folder) belongs to server \(identity.server), not \(id): correct --data or "
          + "--id")
    }
    return identity
  }

  private init(server: ServerID, store: String) {
    self.server = server
    self.store = store
  }

  private init?(_ bytes: [UInt8]) {
    guard let root = try? JSONDocument(bytes).root, let id = try? root["server"].uint64(),
      let store = try? root["store"].string(), let fleet = try? root["fleet"].string()
    else { return nil }
    self.server = ServerID(id)
    self.store = store
    self.fleet = fleet
  }

  /// Puts it into a folder, durably.
  func write(to folder: String) throws(FileError) {
    let json: JSON = [
      "server": .number(JSONNumber(self.server.rawValue)), "store": .string(self.store),
      "fleet": .string(self.fleet),
    ]
    try SystemFileSystem().replaceFile(
      at: FilePath.joining(folder, "IDENTITY"), with: json.bytes())
  }
}
