import Glibc

/// The number that tells one file from all others of its file system, whatever its name.
enum FileIdentity {
  /// The number of the file under a path; 0 if there is none.
  static func of(_ path: String) -> UInt64 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
  }
}
