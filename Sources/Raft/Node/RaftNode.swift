/// One server's part in a cluster: the handle through which the application uses the library.
///
/// Make a node, keep ``run()`` going in a task of yours, and hand the messages of other servers to
/// the `respond` methods. The handle is a small value; copies reach the same node, from any
/// thread.
///
/// ```swift
/// let node = try RaftNode(
///   id: 1, machine: Counter(), logStore: store.log, snapshotStore: store.snapshots,
///   transport: transport)
/// async let end: Void = node.run()
/// try await node.bootstrap(with: [Member(id: 1, address: "10.0.0.1:7000")])
/// let count = try await node.write(.increment)
/// ```
public struct RaftNode<Machine: StateMachine>: Sendable {
  @usableFromInline let core: RaftCore
  @usableFromInline let box: MachineBox<Machine>

  /// A node that does nothing yet.
  ///
  /// - Parameters:
  ///   - id: This server's number.
  ///   - machine: The state machine in its first state; what it kept itself, or a stored snapshot,
  ///     replaces that at the start.
  ///   - logStore: Where log and vote are kept. It must not be used by anybody else.
  ///   - snapshotStore: Where snapshots are kept.
  ///   - transport: How other servers are reached.
  ///   - configuration: Timeouts, limits and policies.
  ///   - clock: Where the time comes from.
  ///   - seed: What the random election timeouts, and the id of a cluster that this node founds,
  ///     depend on; different on every node, and at every start but in tests.
  /// - Throws: ``ConfigurationError`` if the configuration breaks a rule.
  @inlinable
  public init(
    id: NodeID, machine: Machine, logStore: any LogStore, snapshotStore: any SnapshotStore,
    transport: any Transport, configuration: Configuration = Configuration(),
    clock: any NodeClock = SystemClock(), seed: UInt64 = .random(in: .min ... .max)
  ) throws(ConfigurationError) {
    try self.init(
      id: id, box: MachineBox(machine), applyNow: nil, logStore: logStore,
      snapshotStore: snapshotStore, transport: transport, configuration: configuration,
      clock: clock, seed: seed)
  }

  /// A node that does nothing yet, whose machine takes its commands at once.
  ///
  /// - Parameters:
  ///   - id: This server's number.
  ///   - machine: The state machine in its first state; what it kept itself, or a stored snapshot,
  ///     replaces that at the start.
  ///   - logStore: Where log and vote are kept. It must not be used by anybody else.
  ///   - snapshotStore: Where snapshots are kept.
  ///   - transport: How other servers are reached.
  ///   - configuration: Timeouts, limits and policies.
  ///   - clock: Where the time comes from.
  ///   - seed: What the random election timeouts, and the id of a cluster that this node founds,
  ///     depend on; different on every node, and at every start but in tests.
  /// - Throws: ``ConfigurationError`` if the configuration breaks a rule.
  @inlinable
  public init(
    id: NodeID, machine: Machine, logStore: any LogStore, snapshotStore: any SnapshotStore,
    transport: any Transport, configuration: Configuration = Configuration(),
    clock: any NodeClock = SystemClock(), seed: UInt64 = .random(in: .min ... .max)
  ) throws(ConfigurationError) where Machine: SynchronousStateMachine {
    let box = MachineBox(machine)
    try self.init(
      id: id, box: box, applyNow: { try box.applyNow($0, $1, &$2) }, logStore: logStore,
      snapshotStore: snapshotStore, transport: transport, configuration: configuration,
      clock: clock, seed: seed)
  }

  @inlinable
  init(
    id: NodeID, box: MachineBox<Machine>,
    applyNow: MachineHooks.ApplyNow?, logStore: any LogStore,
    snapshotStore: any SnapshotStore, transport: any Transport, configuration: Configuration,
    clock: any NodeClock, seed: UInt64
  ) throws(ConfigurationError) {
    try configuration.validate()
    self.box = box
    self.core = RaftCore(
      id: id, configuration: configuration, logStore: logStore, snapshotStore: snapshotStore,
      transport: transport, clock: clock, seed: seed,
      hooks: MachineHooks(
        recover: { try await box.machine.recover() },
        expect: { box.expect($0, from: $1) },
        commitNotice: { box.commitNotice($0) },
        apply: { try await box.apply($0) },
        applyNow: applyNow,
        refuse: { box.refuse($0, $1) },
        abandon: { box.abandon(from: $0) },
        close: { box.close() },
        freeze: { try await box.machine.freeze() },
        restore: { try await box.machine.restore(from: $0, reading: $1) },
        digest: { box.machine.digest }),
      notices: box.notices)
  }

  /// This server's number.
  public var id: NodeID { self.core.id }

  /// The configuration that the node was made with.
  public var configuration: Configuration { self.core.configuration }

  // MARK: Life

  /// Recovers what the stores hold, and takes part in the cluster until ``shutdown()`` is called
  /// or the calling task is cancelled; both stop the node gracefully.
  ///
  /// When it returns, all its tasks have ended, unless the machine or the transport hangs for
  /// longer than ``Configuration/shutdownTimeout``, and the log store is closed. May be called
  /// once.
  ///
  /// - Throws: ``NodeFailure`` if the node stopped by itself; never ``NodeFailure/shutdown``.
  public func run() async throws(NodeFailure) {
    let core = self.core
    // A task of its own, so that cancellation asks the node to stop and does not tear its work.
    let failure = await withTaskCancellationHandler {
      await Task { await core.run() }.value
    } onCancel: {
      core.post(.stop(.shutdown))
    }
    guard case .shutdown = failure else { throw failure }
  }

  /// Asks the node to stop, and waits until it takes no requests any more.
  ///
  /// A leader hands its leadership over first, unless
  /// ``Configuration/isHandoverAtShutdownEnabled`` is off or nobody can take it.
  ///
  /// Writers whose entries are not committed get ``WriteError/outcomeUnknown``; for the others
  /// the machine has ``Configuration/shutdownTimeout``. ``run()`` returns when the stores are
  /// closed. A node that never ran is closed for good. A cancelled task waits like any other.
  public func shutdown() async {
    await self.core.stop()
  }
}
