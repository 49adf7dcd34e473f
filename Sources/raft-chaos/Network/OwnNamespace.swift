import Glibc
import RaftCommandLine

/// The namespaces in which this program does what needs root, without a trace outside: it starts
/// itself again in them, and they end with its last process.
enum OwnNamespace {
  private static let mark = "RAFT_CHAOS_NAMESPACE"
  /// What must be possible in them.
  private static let trial =
    "mount -t tmpfs none /run && mkdir /run/netns && ip netns add trial && "
    + "ip link add name trial0 type bridge && ip link add name trial1 type veth peer name eth0 "
    + "netns trial && ip link del trial1 && ip link del trial0 && ip netns del trial"

  /// Whether this process is in them.
  static var isInside: Bool { getenv(Self.mark) != nil }

  /// The words before a program's, if the system allows it and has the tools: as root, or as a root
  /// that only this process takes for one.
  static func entrance() async -> [String]? {
    guard let unshare = SystemTool.path(of: "unshare"), SystemTool.path(of: "ip") != nil,
      SystemTool.path(of: "nsenter") != nil
    else { return nil }
    let ways = geteuid() == 0 ? [["--net", "--mount"]] : []
    for way in ways + [["--user", "--map-root-user", "--net", "--mount"]] {
      let words = [unshare] + way
      do throws(Failure) {
        try await SystemTool.run(["unshare"] + way + ["sh", "-c", self.trial])
        return words
      } catch {
        continue
      }
    }
    return nil
  }

  /// Starts this program again, inside; comes back only with a failure.
  static func enter(_ entrance: [String], _ arguments: [String]) throws(Failure) {
    let program = try OwnProgram.path()
    setenv(self.mark, "1", 1)
    let script = "mount -t tmpfs none /run && mkdir /run/netns && exec \"$0\" \"$@\""
    let words = entrance + ["sh", "-c", script, program] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    // What the main thread waits for must reach the program that comes.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigprocmask(SIG_SETMASK, &signals, nil)
    execv(words[0], pointers)
    throw Failure(.failed, "\(words[0]) cannot be started: \(systemMessage(errno))")
  }
}
