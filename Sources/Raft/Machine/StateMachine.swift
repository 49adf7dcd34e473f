/// What the application replicates: a state, and commands that change it the same way everywhere.
///
/// Each node holds one machine and applies the same commands in the same order to it, so the
/// effect of a command may depend on nothing but the state, the command and its ``ApplyContext``:
/// no clock, no random numbers, no iteration over unordered collections.
///
/// Whether it is so can be found out in three ways: `StateMachineSuite` of the product
/// `RaftStoreTesting` in a test, a cluster of `RaftSimulator` that carries the machine through crashes
/// and snapshots, and in service the ``digest``, by which replicas compare their states. See
/// <doc:ComparingStates>.
///
/// For commands that are `[UInt8]`, ``encode(_:into:)`` and ``decode(_:)`` are there: the bytes as they are.
///
/// The library calls the mutating methods one at a time, and ``digest`` between them, so a machine needs
/// no lock; it may be a struct. It lives inside the node and is reached through ``RaftNode/read(_:)``. It
/// must not wait for a write or a read of its own node, which wait for it.
public protocol StateMachine: Sendable {
  /// A wish to change the state.
  associatedtype Command: Sendable
  /// What the caller of a write gets back. Business errors belong in here.
  associatedtype Response: Sendable

  /// The media type of encoded commands, for transports that embed them in text.
  ///
  /// Payloads of `application/json` travel verbatim inside JSON messages. The default is
  /// `application/octet-stream`.
  static var mediaType: String { get }

  /// Writes a command in the form in which the log keeps it, for years.
  ///
  /// Called while writers are kept out: it must be quick, and must not call the node. Commands that are
  /// `[UInt8]` have a default, which writes them as they are.
  static func encode(_ command: Command, into writer: inout PayloadWriter)

  /// Reads what ``encode(_:into:)`` wrote, also in an earlier version of the application; there is a
  /// default for commands that are `[UInt8]`.
  ///
  /// - Throws: any error; it stops the node before the entry is applied.
  static func decode(_ payload: PayloadReader) throws -> Command

  /// Opens what the machine itself kept over a restart, and says how far that reaches: the
  /// position of the last command whose effect it holds.
  ///
  /// Called once, before everything else. The default is `nil`: the machine keeps nothing, is in
  /// its first state, and is restored from the newest snapshot. A machine that keeps its state on
  /// a disk writes each ``ApplyContext/logID`` together with the effect of the command, in one
  /// atomic step; what it holds is not applied to it again. See <doc:StateMachinePersistence>.
  ///
  /// - Throws: any error; the node does not start.
  mutating func recover() async throws -> LogID?

  /// Changes the state.
  ///
  /// - Throws: any error stops this node before the entry counts as applied; a restart tries it
  ///   again. An answer such as "key not found" is a response, not an error.
  mutating func apply(_ command: Command, in context: ApplyContext) async throws -> Response

  /// Freezes the state as it is now.
  ///
  /// Must be quick: apply waits for it. The frozen state is written out while apply goes on; a
  /// value type with copy-on-write storage just copies itself.
  ///
  /// - Throws: any error; no snapshot comes of it, and the node goes on. So a machine defers a
  ///   snapshot that comes at a bad time, also one that was asked for: it is asked again when the
  ///   next is due (``Configuration/snapshotAfter``) or wanted (``RaftNode/triggers``).
  mutating func freeze() async throws -> any FrozenState

  /// Replaces the state by that of a snapshot.
  ///
  /// - Throws: any error stops the node.
  mutating func restore(from snapshot: SnapshotMeta, reading content: any SnapshotReader)
    async throws

  /// A digest of the state as it is now, 64 bits that stand for it; `nil`, the default, if the machine
  /// offers none.
  ///
  /// Equal states have equal digests, on every server, in every process and also after
  /// ``restore(from:reading:)``; so it is computed from the state's bytes, never by Swift's own
  /// `Hasher`. The node asks every ``Configuration/digestInterval`` entries, between two applies, so
  /// it must be cheap: keep it up to date with every change.
  ///
  /// With it a leader finds replicas whose states differ: see ``StateDivergence``.
  var digest: UInt64? { get }
}

extension StateMachine {
  /// Bytes without further meaning.
  public static var mediaType: String { "application/octet-stream" }

  /// Nothing was kept.
  public mutating func recover() async throws -> LogID? { nil }

  /// None: nobody compares the states of such machines.
  public var digest: UInt64? { nil }
}

extension StateMachine where Command == [UInt8] {
  /// Writes the bytes as they are.
  public static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
    writer.write(command)
  }

  /// Reads the bytes as they are.
  public static func decode(_ payload: PayloadReader) throws -> [UInt8] {
    payload.bytes
  }
}

/// Which entry is being applied.
public struct ApplyContext: Hashable, Sendable {
  /// The entry's position.
  public let logID: LogID
  /// When its leader took it; never goes back along the log.
  public let timestamp: Timestamp

  /// States which entry is being applied.
  public init(logID: LogID, timestamp: Timestamp) {
    self.logID = logID
    self.timestamp = timestamp
  }
}

/// A state machine's state at one moment, that can be written out later.
public protocol FrozenState: Sendable {
  /// What the written bytes are; the state itself, unless the application says otherwise.
  var form: SnapshotMeta.Form { get }

  /// Writes the state out, beside all applying.
  ///
  /// Its task is cancelled when the node stops.
  ///
  /// - Throws: any error; the snapshot is abandoned, and the node goes on.
  func write(to sink: SnapshotSink) async throws
}

extension FrozenState {
  /// The state itself.
  public var form: SnapshotMeta.Form { .data }
}

/// Takes the bytes of a state that is written out.
public struct SnapshotSink: Sendable {
  private let writer: any SnapshotWriter

  /// A sink that feeds this writer.
  public init(_ writer: any SnapshotWriter) {
    self.writer = writer
  }

  /// Adds bytes; pieces of some tens of kilobytes are a good size.
  ///
  /// - Throws: ``StorageError``, of kind ``StorageError/Kind/closed`` if the node stops.
  public func write(_ bytes: [UInt8]) async throws(StorageError) {
    guard !Task.isCancelled else {
      throw StorageError(.closed, "the snapshot is given up because the node stops")
    }
    try await self.writer.write(bytes)
  }
}
