/// What no crash leaves behind: a node that finds it does not start, since it may have forgotten
/// what it promised or acknowledged.
enum Inconsistency {
  case snapshotMissing(purged: LogID)
  case snapshotTooOld(purged: LogID, snapshot: LogID)
  case snapshotForeign(purged: LogID, snapshot: LogID)
  case endsBeforeStart(last: LogID?, purged: LogID?)
  case gap(at: LogIndex, last: LogID)
  case disorder(LogOutline.Stretch, after: LogID?)
  case endDiffers(found: LogID?, stated: LogID)
  case voteMissing(last: LogID)
  case voteTooOld(Vote, last: LogID)
  case membershipMissing(last: LogID?)
  case committedBeyondEnd(LogID, last: LogID?)
  case committedContradicted(LogID, found: LogID?)
  case machineContradicted(LogID, found: LogID?)

  /// The error with which the node refuses to start.
  var error: StorageError { StorageError(.corrupted, "\(self.finding): \(self.advice)") }

  private var finding: String {
    switch self {
    case .snapshotMissing(let purged):
      "the log is purged through \(purged), but there is no snapshot"
    case .snapshotTooOld(let purged, let snapshot):
      "the log is purged through \(purged), beyond the newest snapshot at \(snapshot)"
    case .snapshotForeign(let purged, let snapshot):
      "the log is purged through \(purged), but the snapshot there is of \(snapshot)"
    case .endsBeforeStart(let last, let purged):
      "the log ends at \(Self.text(last)), before it begins behind \(Self.text(purged))"
    case .gap(let index, let last):
      "the log has a gap at \(index), before its end at \(last)"
    case .disorder(let stretch, let last):
      "entries \(stretch.first) to \(stretch.last) of \(stretch.leader) cannot follow \(Self.text(last)) in the log"
    case .endDiffers(let found, let stated):
      "the log ends at \(Self.text(found)), not at \(stated) as it says"
    case .voteMissing(let last):
      "the log ends at \(last), but there is no vote"
    case .voteTooOld(let vote, let last):
      "the log ends at \(last), but the vote is \(vote), of an earlier leadership"
    case .membershipMissing(let last):
      "the log ends at \(Self.text(last)), but neither it nor a snapshot says who the members are"
    case .committedBeyondEnd(let committed, let last):
      "\(committed) is noted as committed, but the log ends at \(Self.text(last))"
    case .committedContradicted(let committed, let found):
      "\(committed) is noted as committed, but the log has \(Self.text(found)) there"
    case .machineContradicted(let kept, let found):
      "the state machine holds the state after \(kept), but the log has \(Self.text(found)) there"
    }
  }

  private var advice: String {
    switch self {
    case .snapshotMissing, .snapshotTooOld:
      """
      a snapshot was lost, or was kept in memory alone; restore it, or remove this node and add it \
      anew with an empty folder; a log that outlives the process needs snapshots that do, too
      """
    case .machineContradicted:
      """
      the machine's own data is of another node or another time than log and snapshots; restore \
      what belongs together, or delete the machine's data, if the newest snapshot and the log hold \
      all of it
      """
    case .snapshotForeign, .committedContradicted:
      """
      log and snapshots are not of one node and one time; restore the right ones, or remove this \
      node and add it anew with an empty folder
      """
    case .endsBeforeStart, .gap, .disorder, .endDiffers, .voteMissing, .voteTooOld,
      .membershipMissing, .committedBeyondEnd:
      """
      part of what was written is gone, and with it what this node promised; keep the folder for \
      examination, remove this node and add it anew with an empty one
      """
    }
  }

  private static func text(_ logID: LogID?) -> String {
    logID.map(String.init(describing:)) ?? "nothing"
  }
}
