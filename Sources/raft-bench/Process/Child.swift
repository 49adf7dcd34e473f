import RaftCommandLine

/// A process of this program that measures one row and writes it as one line.
enum Child {
  /// Runs the program with these arguments; what it wrote to its standard output.
  static func output(of arguments: [String]) throws(BenchFailure) -> String {
    let process: PipedProcess
    do throws(Failure) {
      process = try PipedProcess(try OwnProgram.path(), arguments, .shared)
    } catch {
      throw BenchFailure(error.message)
    }
    let bytes = process.readAll()
    let ending = process.reap()
    guard ending == .exited(0) else {
      throw BenchFailure("'raft-bench \(arguments.joined(separator: " "))' ended with \(ending)")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
