/// The verbs of the language, with the form that each has and what it does.
enum CommandWord: String, CaseIterable {
  case cluster, rule, limits, prevote, log, vote, committed
  case found, elect, transfer, change
  case write, fill, read, look
  case cut, mend, isolate, split, heal, hold, drop, duplicate, release
  case crash, stop, start, wipe, pause, clock, stall, resume, fail, snapshot
  case ask, tell
  case advance, until, show, logs

  /// How the command is written.
  var form: String {
    switch self {
    case .cluster: "cluster N voters [N witnesses] [N learners] [N spares]"
    case .rule: "rule many-per-term | one-per-term"
    case .limits: "limits [batch N] [window N] [snapshots N] [keep N]"
    case .prevote: "prevote on | off"
    case .log: "log NODE: ENTRY…"
    case .vote: "vote NODE: VOTE"
    case .committed: "committed NODE: INDEX"
    case .found: "found NODE: NODE…"
    case .elect: "elect NODE"
    case .transfer: "transfer NODE [-> NODE]"
    case .change: "change NODE CHANGE NODE… [as witness] [+ CHANGE…] [keep] [if POSITION]"
    case .write: "write NODE REGISTER=VALUE"
    case .fill: "fill NODE COUNT"
    case .read: "read NODE REGISTER [by NODE]"
    case .look: "look NODE REGISTER"
    case .cut: "cut NODE -> NODE | NODE <-> NODE"
    case .mend: "mend NODE -> NODE | NODE <-> NODE"
    case .isolate: "isolate NODE…"
    case .split: "split NODE… | NODE…"
    case .heal: "heal"
    case .hold: "hold KIND NODE -> NODE | NODE <-> NODE [after COUNT]"
    case .drop: "drop KIND NODE -> NODE"
    case .duplicate: "duplicate KIND NODE -> NODE"
    case .release: "release"
    case .crash: "crash NODE…"
    case .stop: "stop NODE…"
    case .start: "start NODE…"
    case .wipe: "wipe NODE"
    case .pause: "pause NODE DURATION"
    case .clock: "clock NODE DURATION"
    case .stall: "stall NODE"
    case .resume: "resume NODE"
    case .fail: "fail NODE"
    case .snapshot: "snapshot NODE"
    case .ask: "ask NODE for|before VOTE with POSITION|nothing"
    case .tell: "tell NODE VOTE after POSITION|nothing [entries POSITION…] [committed POSITION]"
    case .advance: "advance DURATION"
    case .until: "until leader | NODE leads|follows|stands|learns|down"
    case .show: "show [NODE…]"
    case .logs: "logs [NODE…]"
    }
  }

  /// What the command does.
  var meaning: String {
    switch self {
    case .cluster:
      "The cluster: voters first, then voters that are witnesses, then learners, then nodes that "
        + "belong to nobody yet."
    case .rule: "How many leaders a round may have; many unless this says otherwise."
    case .limits:
      "Entries an append carries (64), appends under way to a peer (1), applied entries after "
        + "which a snapshot is built (never), entries kept behind it (0)."
    case .prevote:
      "Whether nodes ask, before they stand, if they could win; on unless this says no."
    case .log:
      "What a node's log holds behind the founding entry 0: `3` is a command of round 3 by node 1, "
        + "`3/2` one by node 2, `3=[1,2]&[3]+{4}` a membership."
    case .vote: "The vote on a node's disk; a star makes it one that a quorum chose: `T3-N1*`."
    case .committed: "How far a node knows its log to be committed."
    case .found: "A node founds a cluster with these voters, as an application would."
    case .elect: "A node is told to stand, and does so as soon as its promise allows."
    case .transfer:
      "A node is asked to hand its leadership over to another one, or to whoever suits best."
    case .change:
      "A node is asked to change the membership: add-learners, join, add-voters, remove-voters, "
        + "voters, remove-members. `join` adds learners that become voters when they have caught "
        + "up, `as witness` is for those that come in, `keep` makes removed voters learners, `if` "
        + "names the membership entry that must be in force."
    case .write: "A client writes through a node. Registers are a to d; values are used once."
    case .fill: "A client writes so many values to register d at once."
    case .read: "A client reads linearizably; `by` reads behind the barrier of another node."
    case .look: "What a node's machine holds, without asking anybody."
    case .cut: "Messages get through no more; senders learn of it at once."
    case .mend: "Messages get through again."
    case .isolate: "Nodes reach nobody and are reached by nobody."
    case .split: "Nodes of different sides do not reach each other."
    case .heal: "All messages get through again."
    case .hold:
      "Messages of this kind wait: appends, heartbeats, append-answers, pre-votes, "
        + "pre-vote-answers, votes, vote-answers, "
        + "snapshots, snapshot-answers, transfers, transfer-answers, messages (all). `after 2` "
        + "lets two pass first."
    case .drop: "The next message of this kind is lost."
    case .duplicate: "The next message of this kind arrives twice."
    case .release: "What was held arrives now, and nothing is held, lost or doubled any more."
    case .crash: "Nodes lose power, and every write that was not durable."
    case .stop: "Nodes are shut down in order."
    case .start: "Nodes start on what their disks hold."
    case .wipe: "A node that is down gets an empty disk."
    case .pause: "A node stands still for so long."
    case .clock: "A node's clock jumps ahead by so much: its timers and promises pass."
    case .stall: "No write of a node becomes durable, until `resume` or its next start."
    case .resume: "A stalled disk works again."
    case .fail: "The next write of a node fails."
    case .snapshot: "A node is told to build a snapshot."
    case .ask:
      "A message by hand: the candidate of this vote asks a node for its vote; `before` "
        + "asks only whether it would be given."
    case .tell: "A message by hand: the leader of this vote sends a node an append."
    case .advance: "So much time passes."
    case .until: "Time passes until somebody leads with a quorum, or a node is in this role."
    case .show: "What nodes are: role, vote, log, committed, applied, members, snapshot."
    case .logs: "What nodes have on their disks: each leadership's entries, from which index on."
    }
  }
}
