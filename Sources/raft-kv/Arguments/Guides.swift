import RaftCommandLine

extension Verb {
  /// What the verb accepts and what its help says.
  var guide: Guide {
    switch self {
    case .serve: .serve
    case .put: .put
    case .get: .get
    case .cas: .cas
    case .status: .status
    case .join: .join
    case .leave: .leave
    case .transfer: .transfer
    case .refill: .refill
    case .recover: .recover
    case .trigger: .trigger
    case .switch: .switch
    case .metrics: .metrics
    case .load: .load
    case .demo: .demo
    }
  }
}

extension Guide {
  fileprivate static let serve = Guide(
    summary: "Runs one server of the cluster until SIGTERM or Ctrl-C.",
    operands: [],
    options: [
      Option("id", "N", "The server's number, unique in the cluster. Required."),
      Option("api-addr", "HOST:PORT", "Where clients reach it. Required. Port 0: any free port."),
      Option("raft-addr", "HOST:PORT", "Where the other servers reach it. Required."),
      Option(
        "data", "DIR", "The folder of its log and snapshots; made if it is not there."),
      Option(
        "store", "file|memory|rocksdb",
        "Where log and snapshots are kept, with rocksdb the map too.\n"
          + "Default: file with --data, else memory."),
      Option(
        "segment-size", "BYTES",
        "From which size on the log goes on in a new file; 4096, 64k. Default: 48 MiB."),
      Option(
        "reserve-size", "BYTES",
        "How much of the disk is set aside for the time when it is full;\n0: nothing. "
          + "Default: 8 MiB."),
      Option(
        "scrub-rate", "BYTES",
        "How many bytes a second of the log's older files are read again\nto find damage; 0: none. "
          + "Default: 1 MiB."),
      Option(
        "rebuild-from", "ADDRS",
        "What to do when its data is damaged: put it aside, begin\nwithout data, and ask these "
          + "servers, by their API addresses,\nto be let in again. Default: it says so and ends."),
      Option(
        "snapshot-rate", "BYTES",
        "How many bytes a second snapshots for other servers may take\ntogether; 0: no limit. "
          + "Default: 0."),
      Option(
        "role", "replica|witness",
        "A witness votes and holds no data; it must be one in the\nmembership too. Default: replica."
      ),
      Option(
        "flight-recording", "FILE",
        "Where to keep its last 8192 steps; none: in memory only.\n"
          + "Default: flight-recording in the --data folder."),
      Option("parent", "PID", "End at once when this process, which started it, ends."),
    ] + Setting.all.map(\.option),
    text: """
      When both ports are open, one line of JSON on standard output names the real addresses.
      A new server belongs to no cluster: POST /init to one of them founds one, POST /add-learner
      and POST /change-membership there bring in the others.

      GET /flight-recording hands out what the server was told last, and what it was after each
      step; it holds no keys and no values. A file with it survives the process, however that ends:
      'raft-sim replay FILE [FILE ...] --html PAGE' draws one or several.

      A server in memory forgets everything when it ends, and one whose folder was lost has nothing
      left. The others relied on what it acknowledged: under its old number it is refused until
      'raft-kv join' brings it in anew.

      Damaged data is never taken for absent. The server says which file is damaged, where, and up
      to which entry the log can be read; with --rebuild-from it then does what an operator would
      do: the folder becomes DIR.damaged-1 and stays as evidence, and the server joins as with
      'raft-kv join', with no vote until it has caught up. As long as DIR.rebuilding is there it
      goes on to ask, also after a restart.
      """,
    examples: [
      "raft-kv serve --id 1 --api-addr 127.0.0.1:21001 --raft-addr 127.0.0.1:22001 --data n1",
      "curl -d '[]' 127.0.0.1:21001/init",
    ])

  fileprivate static let clientOptions = [
    Option(
      "cluster", "ADDRS",
      "API addresses of servers, with commas between. One is enough.\nDefault: 127.0.0.1:21001."),
    Option("timeout", "SECONDS", "How long to look for a leader and retry. Default: 15."),
    Option("format", "text|json", "For people or for programs. Default: text."),
  ]

  fileprivate static let put = Guide(
    summary: "Puts a value under a key.",
    operands: ["KEY", "VALUE"],
    options: Self.clientOptions,
    text: """
      Follows the leader and retries until the time is up. Putting twice has the effect of putting
      once, so it also retries after a connection broke, and says so: if somebody else wrote the
      same key meanwhile, that value may be replaced. Exit status 4: the time was up, and the
      value may have been put.
      """,
    examples: [
      "raft-kv put colour blue --cluster 127.0.0.1:21001,127.0.0.1:21002",
      "raft-kv put --format json -- colour --blue",
    ])

  fileprivate static let get = Guide(
    summary: "Prints the value under a key, as it is now (linearizable).",
    operands: ["KEY"],
    options: Self.clientOptions,
    text: "Exit status 3: there is no such key.",
    examples: ["raft-kv get colour", "raft-kv get colour --format json"])

  fileprivate static let cas = Guide(
    summary: "Puts a value under a key if the key has a certain version.",
    operands: ["KEY", "EXPECTED_VERSION", "VALUE"],
    options: Self.clientOptions,
    text: """
      The version is the index of the log entry that wrote the value; put prints it, and so does
      get with --format json.
      Never repeated when its outcome is unknown (exit status 4): look with get.
      Exit status 3: the key has another version, or is not there; nothing was changed.
      """,
    examples: ["raft-kv cas colour 12 green"])

  fileprivate static let status = Guide(
    summary: "Prints a table of the servers: who leads, how far each one is.",
    operands: [],
    options: Self.clientOptions,
    text: """
      Asks the given servers and all that these know. Exit status 1: one of them does not answer,
      or no leader has a majority behind it.
      """,
    examples: ["raft-kv status", "raft-kv status --format json"])

  fileprivate static let join = Guide(
    summary: "Makes a running server a voter of the cluster.",
    operands: ["ID", "API_ADDR", "RAFT_ADDR"],
    options: Self.clientOptions + [
      Option(
        "role", "replica|witness",
        "What it was started as: a witness votes and holds no data.\nDefault: replica.")
    ],
    text: """
      The server gets the log first, and its vote when it has caught up; whoever leads sees to that
      also when this program has ended. A server that lost its data, or moved, comes back in the
      same way: start it, then join it again. One server at a time.
      """,
    examples: [
      "raft-kv join 4 127.0.0.1:21004 127.0.0.1:22004",
      "raft-kv join 3 127.0.0.1:21003 127.0.0.1:22003 --role witness",
    ])

  fileprivate static let leave = Guide(
    summary: "Takes a server out of the cluster.",
    operands: ["ID"],
    options: Self.clientOptions,
    text: "It loses its vote, then its place. It may be down; end it afterwards.",
    examples: ["raft-kv leave 4"])

  fileprivate static let transfer = Guide(
    summary: "Makes another server the leader, as before maintenance.",
    operands: ["SERVER"],
    options: Self.clientOptions,
    text: """
      SERVER is the number of a voter, or 'any' for the one that suits best. Writes wait for a
      moment only: the new leader is brought up to date first, and elected without a timeout. If
      it does not take over in time, the old leader leads on (exit status 1).
      A server that is asked to end by SIGTERM hands its leadership over by itself.
      """,
    examples: ["raft-kv transfer 2", "raft-kv transfer any --cluster 127.0.0.1:21001"])

  fileprivate static let refill = Guide(
    summary: "Lets a server that lost entries it had confirmed get them again.",
    operands: ["ID"],
    options: Self.clientOptions,
    text: """
      A server whose folder was put back to an older state lacks entries that it had confirmed. The
      leader sends it nothing more and counts it for nothing: status says so. Find out first what
      happened to its disk. If it may have voted since its folder was copied, take it out and bring
      it in anew under another number: it may have forgotten whom it voted for. Until it has caught
      up, what was acknowledged may have one copy less than a majority. Holds once. Exit status 1:
      nothing is known to be lost. A server whose folder is gone needs 'raft-kv join' instead.
      """,
    examples: ["raft-kv refill 2 --cluster 127.0.0.1:21001"])

  fileprivate static let load = Guide(
    summary: "Puts every line of every text file under a path.",
    operands: ["PATH"],
    options: Self.clientOptions + [
      Option("concurrency", "N", "How many writes are under way at once. Default: 64.")
    ],
    text: """
      The key is the file's path and the line's number, as in 'Sources/Main.swift:3'; the value is
      the line. Hidden files, links, and files that are not UTF-8 text are passed over.
      """,
    examples: ["raft-kv load Sources --cluster 127.0.0.1:21001"])

  fileprivate static let demo = Guide(
    summary: "Shows a cluster of four processes that loses its leader and no data.",
    operands: [],
    options: [
      Option(
        "load", "PATH",
        "What to load: all lines of all text files under it.\nDefault: this package's own sources."),
      Option("keep", nil, "Leave the servers' data folders and logs behind, and say where."),
    ],
    text: """
      Starts three servers on free ports of this machine, loads the lines, kills the leader with
      SIGKILL in the middle, goes on, restarts it, adds a fourth server, and compares what the
      cluster then holds with every write that was acknowledged. Exit status 0 only if nothing was
      lost or changed.
      """,
    examples: ["raft-kv demo", "raft-kv demo --load /usr/share/dict --keep"])
}
