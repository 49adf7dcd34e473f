import Glibc

/// A process of this program that measures one row and writes it as one line.
enum Child {
  /// Runs the program with these arguments; what it wrote to its standard output.
  static func output(of arguments: [String]) throws(BenchFailure) -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Self.failure("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = (["raft-bench"] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, "/proc/self/exe", &actions, nil, words, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else {
      errno = status
      throw Self.failure("start a process")
    }
    let bytes = Self.read(ends[0])
    var ending: Int32 = 0
    while waitpid(pid, &ending, 0) < 0, errno == EINTR {}
    guard ending == 0 else {
      throw BenchFailure("'raft-bench \(arguments.joined(separator: " "))' ended with \(ending)")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func read(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return all }
      all += piece[..<count]
    }
  }

  private static func failure(_ deed: String) -> BenchFailure {
    BenchFailure("the system does not let the program \(deed): \(String(cString: strerror(errno)))")
  }
}
