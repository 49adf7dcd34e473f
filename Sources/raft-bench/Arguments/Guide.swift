enum Guide {
  static let text = """
    raft-bench: what the library costs.

    raft-bench in-process [options]
        A cluster in one process: stores in memory, a machine that does nothing, calls for a
        network. Clients write, each waiting for its answer before the next. Figures run from the
        start of the first node until all is applied; then all nodes must agree.

        --members N         nodes, 1 to 9 (3)
        --clients N         clients (256)
        --operations N      commands in all, such as 500k or 20m (1m)
        --batch B           commands in one call (1)
        --payload-bytes P   bytes of a command (0)
        --executor NAME     stock: the toolchain's pool of threads (default)
                            single: all tasks on one thread
        --kill-leader       end the leader when half of the commands are written
        --keep-log          no snapshots, and so nothing is purged
        --slow-follower MS  the last node hears, and is heard, so many milliseconds late
        --join              a learner joins when a third of the commands is written
        --parts N           figures for each of N equal parts of the commands, too
        --flight-records N  steps that each node's flight recorder keeps (8192)
        --slow-clock N      the nodes' clocks run N times slower, so that little of a short run is
                            done because time goes by (1)
        --echo N            calls of the echo (1m, but no more than of the clients)
        --format NAME       text (default) or json: one line
        --sweep             the whole table: 1 to 4096 clients and batches of four, with both
                            executors, in processes of their own, interleaved; medians
        --rounds N          how often --sweep measures each row (5)
        --plot FILE         where --sweep draws its table (SVG)

    raft-bench curves [options]
        Costs that could grow as the work grows, with both executors and 256 clients: by the number
        of members, by the size of a command, as a log of ten million entries grows, with a
        follower that hears late, while a learner gets the log. Every point is measured in a
        process of its own, interleaved; medians.

        --only NAME         one of them: members, payload, log, slow or learner
        --rounds N          how often each point is measured (5)
        --format NAME       text (default) or json: one line
        --plot FILE         where they are drawn (SVG)

    raft-bench engine [options]
        Steps of the pure engine: no thread, no disk, no network. 64 equal clusters of engines go
        through a scenario in step, and a block of 64 equal steps is what is timed: by what the
        engine is told and what it is then. Time is the median block's, on the thread's own clock.
        All that should be committed must be, by all, and equal inputs must make equal engines.

        --members N         voters, 3 to 9 (3)
        --rounds N          how often a scenario is gone through (2000)
        --scenario NAME     one of them: write, heartbeat, read, election, membership, transfer or
                            snapshot (all)
        --format NAME       text (default) or json: one line

    raft-bench log [options]
        A log store alone. Each writer appends one entry, waits until it is durable, and appends
        the next; one thread acts for all of them, as a node's core does. What is 64 MiB behind is
        purged. Beside it, in turns: the bare disk, pwrite and fdatasync on a file whose bytes were
        all written before, with as many bytes as one append takes, with 1 MiB and with 4 MiB.

        --store NAME        file: RaftFileStore (default)
                            rocksdb: RaftRocksDBStore, if built with --traits RocksDB
        --beside rocksdb    in turns with the store, RocksDB as a program without this library
                            would use it: a thread for each writer, which puts a value by a synced
                            write of its own; RocksDB syncs for all who wait. Nothing is deleted.
                            If built with --traits RocksDB
        --entry-bytes B     bytes of an entry (256)
        --writers N         writers (64)
        --seconds S         how long they write (5)
        --directory DIR     where the log is made, and removed afterwards (the working directory)
        --reopen N          write a log of N entries, such as 10m, each in a record of its own, and
                            measure how it is opened again instead
        --format NAME       text (default) or json: one line

    Exit status: 0 done, 1 nodes disagreed or something failed, 64 a wrong command line.

    """
}
