import RaftCommandLine

/// The verbs that are about one server alone.
extension Guide {
  private static let options = [
    Option("timeout", "SECONDS", "How long the server may take to answer. Default: 15.")
  ]

  static let trigger = Guide(
    summary: "Sets something off at one server.",
    operands: ["ACTION", "API_ADDR"],
    options: Self.options + [
      Option("through", "INDEX", "The last entry to remove; for purge.")
    ],
    text: """
      ACTION is one of:
        elect          stand for election, if a majority would vote for it
        elect-at-once  stand for election without asking first
        heartbeat      a leader makes itself heard by all
        snapshot       build a snapshot of everything applied
        purge          remove entries from its log, as far as a snapshot has them
      The server acts after its answer: 'raft-kv status' shows the effect.
      """,
    examples: [
      "raft-kv trigger snapshot 127.0.0.1:21001",
      "raft-kv trigger purge 127.0.0.1:21001 --through 1200",
    ])

  static let `switch` = Guide(
    summary: "Turns something that a server does of its own accord off or on.",
    operands: ["NAME", "STATE", "API_ADDR"],
    options: Self.options,
    text: """
      NAME is tick, heartbeat, elect or pre-vote, STATE is on or off. Prints how all four stand.
      Lasts until the server ends; how it starts is said by the options of 'raft-kv serve'.
      """,
    examples: ["raft-kv switch elect off 127.0.0.1:21002"])

  static let metrics = Guide(
    summary: "Prints what one server counts and measures, for a monitoring system.",
    operands: ["API_ADDR"],
    options: Self.options,
    text: """
      The same as GET /metrics/text: the text format of Prometheus. What is worth an alarm, and from
      when on, is said on the page 'Operating a cluster' of the documentation.
      """,
    examples: ["raft-kv metrics 127.0.0.1:21001"])
}
