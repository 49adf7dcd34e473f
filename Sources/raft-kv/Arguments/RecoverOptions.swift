import Raft
import RaftCommandLine

/// What a recovery is told.
struct RecoverOptions: Equatable, Sendable {
  /// What must be said for anything to be changed.
  struct Order: Equatable, Sendable {
    /// The end of the log, as a look at it has told.
    let last: String
    /// Who decided and why.
    let reason: String
  }

  /// The server's number.
  let id: NodeID
  /// Its folder.
  let data: String
  /// How the result is printed.
  let format: ClientOptions.Format
  /// What to do; `nil` to look only.
  let order: Order?

  init(_ arguments: Arguments) throws(UsageError) {
    self.id = try arguments.nodeID(try arguments.required("id"))
    self.data = try arguments.required("data")
    self.format = try arguments.choice("format", of: ClientOptions.Format.self) ?? .text
    guard arguments.has("unsafe") else {
      for name in ["last", "reason"] where arguments.has(name) {
        throw arguments.error("--\(name) is for --unsafe; without that nothing is changed")
      }
      self.order = nil
      return
    }
    self.order = Order(
      last: try arguments.required("last"), reason: try arguments.required("reason"))
  }
}

extension Guide {
  static let recover = Guide(
    summary: "Goes on with one server's folder when the majority is gone for good.",
    operands: [],
    options: [
      Option("id", "N", "The server's number. Required."),
      Option("data", "DIR", "Its folder; the server must not run. Required."),
      Option("unsafe", nil, "Do it. Without this nothing is changed."),
      Option("last", "LOG_ID", "Where its log ends, as the look at it said."),
      Option("reason", "TEXT", "Who decided on it and why; recorded for good."),
      Option("format", "text|json", "For people or for programs. Default: text."),
    ],
    text: """
      First look at the folder of every server that is left: the one whose log ends last (highest
      LOG_ID) has lost the least. Then recover that one, and no other. It becomes the only voter of
      a cluster with the next generation; whatever the others acknowledged without it is lost.
      Servers that were left behind, and all others that are left, are refused from then on, even
      with their data: empty their folders, start them, and bring them in by 'raft-kv join'.
      If a majority can still be brought back with its data, do that instead: nothing is lost then.
      """,
    examples: [
      "raft-kv recover --id 1 --data n1",
      "raft-kv recover --id 1 --data n1 --unsafe --last T3-N1.42 --reason 'Ann: 2 and 3 burned'",
    ])
}
