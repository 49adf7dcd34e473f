import Glibc

/// The program that this process runs.
package enum OwnProgram {
  /// Where it lies, so that it can be started again.
  ///
  /// - Throws: ``Failure`` if the file is gone or cannot be run.
  package static func path() throws(Failure) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(
      decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard count > 0, access(path, X_OK) == 0 else {
      throw Failure(.failed, "this program does not find itself: \(systemMessage(errno))")
    }
    return path
  }
}
