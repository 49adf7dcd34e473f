import RaftCommandLine

extension Guide {
  static let serve = Guide(
    summary: "Runs one server of the fleet until SIGTERM or Ctrl-C.",
    operands: [],
    options: [
      Option("id", "N", "The server's number, unique in the fleet. Required."),
      Option("api-addr", "HOST:PORT", "Where clients and servers reach it. Required."),
      Option("raft-addr", "HOST:PORT", "Where the log's messages come in. Required."),
      Option("data", "DIR", "The folder of its log and its readings. Required."),
      Option("zone", "NAME", "What fails together, such as a rack. Default: zone-N."),
      Option("found", nil, "Found a new cluster, if the folder belongs to none."),
      Option("join", "ADDR", "Join the cluster of this server, if the folder belongs to none."),
      Option("heartbeat-interval", "MS", "How often the leader makes itself heard. Default: 150."),
      Option(
        "election-timeout", "MS",
        "After how long without a leader another one is sought; up to twice as\nlong. Default: 600."
      ),
      Option(
        "allow-cuts", nil,
        "Obey POST /cut?servers=N,N&milliseconds=N: send nothing to those servers\nso long. For "
          + "rehearsals."),
      Option("parent", "PID", "End at once when this process, which started it, ends."),
    ],
    text: """
      When both ports are open, one line of JSON on standard output names the real addresses.
      GET / shows the fleet in a browser. A folder belongs to one server of one fleet.
      """,
    examples: [
      "sensor-fleet serve --id 1 --api-addr localhost:2301 --raft-addr localhost:2401 --data f1 --found",
      "sensor-fleet serve --id 2 --api-addr localhost:2302 --raft-addr localhost:2402 --data f2 \\",
      "                   --join localhost:2301",
    ])

  private static let clientOptions = [
    Option(
      "cluster", "ADDRS",
      "API addresses of servers, with commas between. One is enough.\nDefault: 127.0.0.1:23001."),
    Option("timeout", "SECONDS", "How long to try. Default: 20."),
  ]

  static let found = Guide(
    summary: "Makes the shards, and places them on the servers in service.",
    operands: [],
    options: Self.clientOptions + [
      Option("shards", "N", "How many shards; it stays so. Default: 32."),
      Option("replicas", "N", "How many servers hold each shard. Default: 2."),
      Option("in-motion", "N", "How many shards may be filled at once. Default: 4."),
    ],
    text: "Do it once, when the first servers run; servers may come and go later.",
    examples: ["sensor-fleet found --shards 64 --replicas 3"])

  static let leave = Guide(
    summary: "Has others take over a server's shards, then forgets it.",
    operands: ["ID"], options: Self.clientOptions,
    text: "Returns at once; 'sensor-fleet status' shows how far it is.",
    examples: ["sensor-fleet leave 3"])

  static let ingest = Guide(
    summary: "Stores the rows of a table.",
    operands: ["FILE.csv"],
    options: Self.clientOptions + [
      Option("device-column", "NAME", "The column with the device. Default: device."),
      Option("time-column", "NAME", "The column with the time. Default: time."),
      Option("batch", "N", "How many rows are sent at once. Default: 500."),
      Option("concurrency", "N", "How many batches are under way. Default: 8."),
    ],
    text: """
      The first row is the head. Times are milliseconds since 1970, or dates such as
      2026-11-21T07:30:00Z. Every other column is a value; empty cells are none. Rows that cannot
      be stored are listed with their number and the column; the others are stored. Storing a row
      twice does no harm.
      """,
    examples: ["sensor-fleet ingest readings.csv --device-column moteid"])

  static let query = Guide(
    summary: "Prints what a device measured within a window of time.",
    operands: ["DEVICE"],
    options: Self.clientOptions + [
      Option("from", "TIME", "The first moment. Required."),
      Option("to", "TIME", "The moment after the last one. Required."),
      Option("value", "NAME", "Only this value."),
      Option("aggregate", "WORD", "none, count, min, max, mean, sum or last. Default: none."),
      Option("every", "MS", "Put together parts of the window of this length, not the whole."),
    ],
    text: "Times are milliseconds since 1970, or dates such as 2026-11-21T07:30:00Z.",
    examples: [
      "sensor-fleet query mote-7 --from 2026-11-21 --to 2026-11-22 --value temperature \\",
      "                   --aggregate mean --every 3600000",
    ])

  static let status = Guide(
    summary: "Shows the servers, and who holds which shard.",
    operands: [],
    options: Self.clientOptions + [
      Option("history", nil, "Also every change of a shard's assignment that is kept.")
    ],
    text: "", examples: ["sensor-fleet status --cluster 127.0.0.1:23002"])

  static let demo = Guide(
    summary: "Five servers lose one, gain one, let one go, and lose no reading.",
    operands: [],
    options: [
      Option("csv", "FILE", "Send these readings instead of made up ones."),
      Option("seed", "N", "What the made up devices measure, and who is killed. Default: 1."),
      Option("keep", nil, "Leave the servers' folders where they are."),
    ],
    text: """
      Runs five processes on this machine while devices send readings: one server is killed, a
      sixth joins, one leaves, the killed one comes back. In the end every acknowledged reading is
      read back. Takes less than 90 seconds and leaves nothing behind.
      """,
    examples: ["sensor-fleet demo"])

  static let verify = Guide(
    summary: "Rehearses troubles under load: no acknowledged reading may be lost.",
    operands: [],
    options: [
      Option("runs", "N", "How many runs. Default: 1."),
      Option(
        "seed", "N", "The first run's seed: it decides the order of the troubles. Default: 1."),
    ],
    text: """
      Each run has five processes, and kills a primary, a backup and the leader of the log, lets a
      primary stand still for longer than it owns its shards, and cuts two servers off. It ends
      with the first run in which an acknowledged reading is missing, two servers accepted for one
      shard in one epoch, or servers tell different histories.
      """,
    examples: ["sensor-fleet verify --runs 20"])

  static let bench = Guide(
    summary: "Measures how many readings a second are stored.",
    operands: [],
    options: [
      Option("seconds", "N", "How long. Default: 10."),
      Option("batch", "N", "How many readings come in one request. Default: 500."),
      Option("clients", "N", "How many requests are under way. Default: 16."),
      Option("servers", "N", "How many servers. Default: 3."),
      Option("replicas", "N", "How many servers hold each shard. Default: 2."),
      Option("shards", "N", "How many shards. Default: 8."),
    ],
    text: """
      Runs servers as processes of this machine, which also runs the clients. A batch comes from
      one device. It is acknowledged when all replicas in sync have synced it to their disks.
      """,
    examples: ["sensor-fleet bench --seconds 20 --clients 32"])
}
