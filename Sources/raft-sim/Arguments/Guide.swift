import RaftSimulator

/// What `raft-sim --help` says.
enum Guide {
  static let text = """
    Attacks a simulated cluster in every way and says whether the protocol holds.

    Usage:
      raft-sim run [--seeds FIRST..LAST] [--jobs N] [--format text|json] [options]
      raft-sim replay SEED [--from STEP] [--to STEP] [--html FILE] [options]
      raft-sim shrink SEED [options]
      raft-sim transcript FILE… [--engines|--nodes] [--record]
      raft-sim run --node [--seeds FIRST..LAST]
      raft-sim replay SEED --node

    A seed decides everything that happens in a run: how many nodes there are, which messages are
    lost, when the power goes. The same seed is the same run, on every machine. A step is one
    input that is given to one engine. After each step the checkers look at what it changed; when
    the steps are used up, the troubles end, and the cluster must recover within a deadline.

    Verbs:
      run     Runs many seeds and adds up what they met. 100 runs of 100,000 steps or more of the
              profile chaos must also have met enough of everything to prove something.
      replay  Runs one seed again and prints everything that happens.
      shrink  Looks for the shortest run with the fewest nodes that still fails.
      transcript
              Plays scenarios that are written down, on engines and on nodes, and compares what
              comes with what is written; --record writes it down instead.

    Options:
      --profile NAME  Which troubles come. Default: chaos.
    \(profiles)
      --steps N       Steps before the troubles end. Default: 100000.
      --nodes N       How many nodes, 1 to 9. Default: the seed decides.
      --seeds RANGE   Which seeds, both ends included. Default: 1..100.
      --jobs N        How many runs go on at once. Default: 1.
      --node          Run whole nodes, with their runtime, on one thread whose order of work the
                      seed decides; a step is then one piece of work.
      --html FILE     Write the run as a web page, a diagram of the last 5000 steps, instead.
      --from STEP     The first step that replay prints.
      --to STEP       The last step that replay prints.
      --format json   One line of JSON for each run and one for all of them.

    Examples:
      raft-sim run --seeds 1..1000 --jobs 4
      raft-sim run --profile disks --nodes 3
      raft-sim replay 42 --from 91000

    How to read a replay: every line begins with the step, the time and the node.
      <-  what the engine was told       ->  what it wants done
      ==  what the node is afterwards    !!  a trouble came or ended
      $$  a client asked or was told     lost  a message that never arrives

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
