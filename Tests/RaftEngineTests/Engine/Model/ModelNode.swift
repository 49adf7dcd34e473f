import RaftEngine

/// One modelled server: the engine, what it runs on, and what the model knows of it.
final class ModelNode {
  /// Who asked a question, and what its answer means.
  enum Question {
    case append(from: NodeID, life: Int, Sent)
    case vote(from: NodeID, life: Int, VoteRequest)
    case snapshot(from: NodeID, life: Int, asked: Vote, ModelSnapshot, Sent)
    case transfer(from: NodeID, life: Int, TransferRequest)
    case handover
    case bootstrap
    case membership
    case read(floor: LogIndex?)
  }

  let id: NodeID
  var engine: Engine
  var store = ModelStore()
  var machine = ModelMachine()
  /// How often the server was started.
  var life = 1
  var isUp = true
  /// The server stands still until then, as after SIGSTOP.
  var pausedUntil: Int64 = 0
  var timer: Int64?
  var isFlushing = false
  var isMachineBusy = false
  var questions: [Ticket: Question] = [:]
  /// Snapshots that came from peers.
  var received: [SnapshotMeta: ModelSnapshot] = [:]
  /// The entries of the message that is being handled.
  var incoming: [ModelEntry] = []
  /// Commands that clients just gave.
  var openBatch: [UInt64] = []
  /// Writes that clients wait for.
  var waiting: [LogIndex: UInt64] = [:]
  /// How far the oracle has looked at what this server takes for committed.
  var observed: LogID?
  var led: LeaderID?
  var lastVote: Vote
  var batch: [Command] = []

  init(id: NodeID, engine: Engine) {
    self.id = id
    self.engine = engine
    self.lastVote = engine.vote
  }
}
