import Glibc
import Raft
import RaftCommandLine
import RaftFiles
import RaftHTTP

/// What a server with damaged data does instead of an operator: it puts the data aside, begins
/// without, and has the others bring it in anew.
///
/// Its new data is another incarnation, which counts for nothing before it has caught up; so no
/// more is lost by this than is lost anyway.
struct Rebuilding: Sendable {
  /// The folder of the server's data.
  let data: String
  /// Servers that are asked.
  let cluster: [SocketAddress]

  /// How long one wish to be let in may take; a server waits for less.
  private static let attempt: Duration = .seconds(60)
  private static let pause: Duration = .seconds(1)

  /// What a server is told to do about damage; `nil` if it shall end.
  init?(_ options: ServeOptions) {
    guard let data = options.data, !options.rebuildFrom.isEmpty else { return nil }
    self.data = data
    self.cluster = options.rebuildFrom
  }

  /// The file that is there from the moment when the data is put aside until the server is in the
  /// cluster again.
  private var mark: String { self.data + ".rebuilding" }

  /// Whether the server still has to be let in again.
  var isUnderWay: Bool { access(self.mark, F_OK) == 0 }

  /// Puts the damaged data aside; returns where it is then.
  func setAside() throws(Failure) -> String {
    let files = SystemFileSystem()
    do throws(FileError) {
      try files.replaceFile(at: self.mark, with: [])
    } catch {
      throw Failure(.failed, "the damaged data cannot be put aside: \(error)")
    }
    var number = 1
    while access("\(self.data).damaged-\(number)", F_OK) == 0 { number += 1 }
    let place = "\(self.data).damaged-\(number)"
    guard rename(self.data, place) == 0 else {
      throw Failure(
        .failed,
        "the damaged data in \(self.data) cannot be renamed to \(place): \(systemMessage(errno))")
    }
    do throws(FileError) {
      try files.syncDirectory(FilePath.parent(of: self.data))
    } catch {
      throw Failure(.failed, "the damaged data cannot be put aside: \(error)")
    }
    return place
  }

  /// Asks until the server is a voter again, or the task is cancelled.
  func comeBack(
    as member: KVServer.Announcement, _ role: Member.Role, over http: HTTPClient,
    log: @Sendable (String) -> Void
  ) async {
    var patience = KVClient.Patience()
    patience.total = Self.attempt
    let client = KVClient(self.cluster, http: http, patience: patience)
    var last = ""
    while !Task.isCancelled {
      do throws(ClientError) {
        try await client.join(member.id, api: member.apiAddress, raft: member.raftAddress, as: role)
        try? SystemFileSystem().remove(self.mark)
        return log("rebuilt: it is a voter again")
      } catch {
        let line = "is not let in again yet: \(error)"
        if line != last, !Task.isCancelled { log(line) }
        last = line
      }
      try? await ContinuousClock().sleep(for: Self.pause)
    }
  }
}
