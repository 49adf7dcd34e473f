import RaftCommandLine

/// What can be asked of the program.
enum Verb: String, CaseIterable, Sendable {
  case run
  case flips

  /// What the verb accepts and what its help says.
  var guide: Guide {
    switch self {
    case .run: .run
    case .flips: .flips
    }
  }

  /// The whole help of the verb.
  var help: String { self.guide.help(for: self.rawValue, of: Main.program) }
}

extension Guide {
  /// The help of the whole program.
  static var overview: String {
    """
    Does to real raft-kv servers what happens to servers, and checks that nothing acknowledged is
    lost and that what clients were told has one order.

    Usage: raft-chaos VERB [options]

    \(Guide.list(of: Verb.allCases.map { ($0.rawValue, $0.guide) }))
    'raft-chaos VERB --help' tells more.

    The servers are the built program, started with '--store file'. A library is loaded before each
    (libraft-faults.so, LD_PRELOAD): it keeps what was synced apart from what was only written, so
    that a kill can be a power cut; it has the disk be full, fail or hang; and it shifts the wall
    clock. Monotonic clocks and what the kernel itself times are not shifted.

    Partitions are made in network namespaces where the system allows them, as root or as a root
    within a user namespace; nothing of that is left behind. Elsewhere relays between ports of this
    machine hold back what is sent. Clients reach all servers at any time.

    Exit status: 0 nothing was found; 1 something was, and the folder with logs, data, history and
    seed is kept and named; 2 a program or library is missing.

    """
  }

  private static let shared = [
    Option("seed", "N", "What decides about faults and calls. Default: 1."),
    Option("server", "PATH", "The server program. Default: the raft-kv beside this program."),
    Option(
      "network", "auto|namespaces|relays",
      "What the ways between servers are made of. Default: auto,\nnamespaces where they are allowed."
    ),
    Option("folder", "DIR", "Where to put each round's folder. Default: a temporary one."),
    Option("keep", nil, "Keep the folders of rounds without findings, too."),
    Option("format", "text|json", "For people or for programs. Default: text."),
    Option(
      "lying-syncs", nil,
      "A planted mistake, to see that it is noticed: syncs of the servers do nothing, and a power "
        + "cut takes what they were to keep."),
    Option(
      "stale-reads", nil,
      "Another one: reads that should be linearizable are answered by any server from what it has."
    ),
  ]

  fileprivate static let run = Guide(
    summary: "Rounds of storms: clusters under load and faults of all kinds.",
    operands: [],
    options: [
      Option("rounds", "N", "How many rounds, each with a seed of its own. Default: 5."),
      Option("seconds", "N", "How long each storm lasts. Default: 12."),
      Option(
        "only", "WORDS",
        "Families of faults, with commas between: processes, disks,\nnetwork, clocks, membership; "
          + "or single ones, by the names\nthat '--format json' has for them. Default: all."),
    ] + Self.shared,
    text: """
      Each round founds a cluster of five voters, and has clients read and write registers, and
      write keys that nobody else writes, while faults come from three sides at once. Then
      everything is healed: the cluster must become whole within a minute, every acknowledged write
      must be on every member, all members must be alike, and one order of the calls must explain
      every answer. A server that ends by itself, or speaks of damage that nobody did, is a finding.

      The seed decides which faults come upon whom; the processes' own pace decides what they meet.
      """,
    examples: [
      "raft-chaos run --rounds 50 --seconds 15",
      "raft-chaos run --only disks,processes --seed 7 --format json",
    ])

  fileprivate static let flips = Guide(
    summary: "Flips single bits of one server's sealed data, again and again.",
    operands: [],
    options: [
      Option("count", "N", "How many bits, one after the other. Default: 60.")
    ] + Self.shared,
    text: """
      Complete files of the log are changed while the server runs, and those and the newest snapshot
      while it does not. Each time the server must say which file is damaged, and be rebuilt from
      the others without an operator, while the cluster goes on. In the end everything acknowledged
      must be on every member.
      """,
    examples: ["raft-chaos flips --count 60"])
}
