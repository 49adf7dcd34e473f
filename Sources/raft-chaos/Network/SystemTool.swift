import Glibc
import RaftCommandLine

/// Programs of the system, such as `ip`.
enum SystemTool {
  private static let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
  private static let limit: Duration = .seconds(20)

  /// Where a program lies; `nil` if it is not installed.
  static func path(of name: String) -> String? {
    self.folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Runs a program to its end.
  ///
  /// - Throws: ``Failure`` if it is not there, or ends without success.
  static func run(_ words: [String]) async throws(Failure) {
    guard let path = self.path(of: words[0]) else {
      throw Failure(.unusable, "'\(words[0])' is not installed")
    }
    let child = try await ChildProcess.start(
      path, Array(words.dropFirst()), standardError: "/dev/null")
    let ending = await Task { await child.end(within: self.limit) }.value
    guard ending == .exited(0) else {
      child.signal(SIGKILL)
      let how = ending.map { "\($0)" } ?? "no end within \(self.limit.forPeople)"
      throw Failure(.failed, "'\(words.joined(separator: " "))': \(how)")
    }
  }
}
