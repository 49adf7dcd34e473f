/// A way in which a snapshot store may break its contract.
enum SnapshotFault: String, CaseIterable, Sendable {
  case bornWithSnapshot
  case visibleBeforeCommit
  case abandonCommits
  case abandonDropsLatest
  case commitReturnsAnother
  case emptyIsNone
  case piecesInReverse
  case contentOfAtMostOneMegabyte
  case readsOnlyOnce
  case forgetsForm
  case forgetsMembership
  case inventsMembership
  case hashesPieces
  case hashIsConstant
  case takesAnyContent
  case firstStays
  case olderReplaces
  case heldFollowsNewest
  case writersShareADraft
  case forgetsWhenReopened
  case unfinishedAppearsWhenReopened
  case forgetsTimestamp
  case commitsAreLostByPowerCuts
  case halfWrittenAfterPowerCuts
  case commitsNothingInSilence
  case damageIsTakenForAbsence
  case damageIsHandedOut

  /// A case that must find the fault.
  var finder: String {
    switch self {
    case .bornWithSnapshot: "A fresh snapshot store has no snapshot"
    case .visibleBeforeCommit: "A snapshot that is being written is invisible"
    case .abandonCommits: "An abandoned snapshot is never seen"
    case .abandonDropsLatest: "An abandoned snapshot leaves the one before it in place"
    case .commitReturnsAnother:
      "The snapshot that a commit returns is the one that was written"
    case .emptyIsNone: "An empty snapshot is a snapshot"
    case .piecesInReverse: "Content in uneven pieces is put together in order"
    case .contentOfAtMostOneMegabyte: "Content of several megabytes is kept"
    case .readsOnlyOnce: "A snapshot can be read again and again"
    case .forgetsForm, .forgetsMembership: "A snapshot keeps its membership and its form"
    case .inventsMembership: "A snapshot may stand for a log without a membership"
    case .hashesPieces, .hashIsConstant:
      "The hash of a snapshot tells contents apart, however they were cut"
    case .firstStays: "A later snapshot takes the place of an earlier one"
    case .takesAnyContent: "A snapshot with other content than was announced is refused"
    case .olderReplaces: "A snapshot that reaches further stays the newest"
    case .heldFollowsNewest: "A snapshot stays readable while a newer one takes its place"
    case .writersShareADraft: "Two snapshots written at the same time do not mix"
    case .forgetsWhenReopened:
      "A committed snapshot is there after reopening, with all that belongs to it"
    case .unfinishedAppearsWhenReopened:
      "A snapshot that was not committed is not there after reopening"
    case .forgetsTimestamp: "The snapshot that a commit returns is the one that was written"
    case .commitsAreLostByPowerCuts, .halfWrittenAfterPowerCuts:
      "A snapshot that was committed outlives a power cut, and no other is seen in part"
    case .commitsNothingInSilence:
      "A snapshot that cannot be written is refused, and the one before it stays"
    case .damageIsTakenForAbsence, .damageIsHandedOut:
      "Damage to a snapshot is told, and never handed out as content"
    }
  }
}
