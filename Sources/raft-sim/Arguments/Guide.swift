import RaftSimulator

/// What `raft-sim --help` says.
enum Guide {
  static let text = """
    Attacks a simulated cluster in every way and says whether the protocol holds.

    Usage:
      raft-sim run [--seeds FIRST..LAST] [--jobs N] [--format text|json] [options]
      raft-sim replay SEED [--from STEP] [--to STEP] [--format text|json] [options]
      raft-sim replay SEED --html FILE [options]
      raft-sim shrink SEED [options]
      raft-sim replay FILE [FILE ...] [--from STEP] [--to STEP] [--html FILE]
                      [--detail changes|everything]
      raft-sim soak [--minutes N] [--first SEED] [--jobs N] [--steps N]
      raft-sim failover [--seeds FIRST..LAST] [--nodes N] [--election-timeout MIN..MAX]
                        [--heartbeat MS] [--promise MS] [--network-delay MS]
      raft-sim transcript FILE… [--engines|--nodes] [--record]

    A seed decides everything that happens in a run: how many nodes there are, which messages are
    lost, when the power goes. The same seed is the same run, on every machine. In a run of
    engines a step is one input that is given to one engine; in a run of nodes, which has their
    whole runtime in it, it is one piece of work on the one thread that all tasks share. When the
    steps are used up, the troubles end, and the cluster must recover within a deadline.

    Verbs:
      run     Runs many seeds and adds up what they met. 100 runs of 100,000 steps or more of the
              profile chaos must also have met enough of everything to prove something.
      replay  Runs one seed again and prints everything that happens. Given files instead, shows
              what nodes in production recorded of their last steps, side by side: see the
              handbook's "Flight recordings".
      shrink  Looks for the shortest run, with the fewest nodes, faults and client calls, that
              still fails, and says how to replay it.
      soak    Runs new seeds for a long time: engines and nodes, all profiles in turn. It ends
              with the first violation, and else says where to go on.
      failover
              Measures how long a cluster of your configuration has no leader after a crash
              and under partial partitions, with and without pre-vote. Times are in ms.
      transcript
              Plays scenarios that are written down, on engines and on nodes, and compares what
              comes with what is written; --record writes it down instead.

    Options:
      --engine        Run engines, the protocol alone; this is the default.
      --node          Run whole nodes.
      --profile NAME  Which troubles come. Default: chaos.
    \(profiles)
      --steps N       Steps before the troubles end. Default: 100000.
      --nodes N       How many nodes, 1 to 9. Default: the seed decides.
      --seeds RANGE   Which seeds, both ends included. Default: 1..100.
      --jobs N        How many runs go on at once, each in a process. Default: 1.
      --from STEP     The first step that replay prints.
      --to STEP       The last step that replay prints.
      --html FILE     Write the run as a web page, a diagram of the last 5000 steps, instead.
      --trace FILE    Write what replay prints to a file.
      --format json   One line of JSON for each run and one for all of them; in a replay one for
                      each thing that happens.
      --minutes N     How long soak goes on. Default: 60.
      --first SEED    The first seed of soak. Default: one that no run before had.

    Every fault, every ambush (a fault that waits for a moment of the protocol) and every turn of
    a client has a number; leaving some out changes none of the others:
      --without-faults 3,7-12     --only-faults 3     --only-faults none
      --without-ambushes 2        --only-ambushes 1
      --without-calls 1-99        --only-calls 5,8

    Examples:
      raft-sim run --seeds 1..1000 --jobs 4
      raft-sim run --node --profile disks --nodes 3
      raft-sim replay 42 --from 91000
      raft-sim replay n1.recording n2.recording n3.recording --html cluster.html

    How to read a replay: every line begins with the step, the time and the node.
      <-  what the node was told         ->  what it wants done
      ==  what the node is afterwards    !!  a trouble came or ended
      $$  a client asked or was told     sent, lost  a message leaves, or never arrives

    Exit status:
      0   nothing was found
      1   a property is broken, or not enough was met; standard error says which
      64  the command line cannot be understood

    """

  private static var profiles: String {
    Profile.all.map { profile in
      let padding = String(repeating: " ", count: max(1, 11 - profile.name.count))
      return "                    \(profile.name)\(padding)\(profile.summary)"
    }.joined(separator: "\n")
  }
}
