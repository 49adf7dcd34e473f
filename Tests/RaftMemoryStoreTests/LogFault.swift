/// A way in which a log store may break its contract.
enum LogFault: String, CaseIterable, Sendable {
  // What it says when it is opened.
  case bornWithVote
  case constantIncarnation
  case otherIncarnationWhenReopened
  case forgetsVote
  case keepsFirstVote
  case forgetsGeneration
  case forgetsWatermark
  case watermarkRunsAhead
  case forgetsPurgedPosition
  case forgetsEndOfEmptyLog
  case purgeForgetsVote
  case truncationIsUndoneByReopening
  case purgeIsUndoneByReopening

  // Which entries a read gives.
  case missingIsEmpty
  case emptyRangeIsMissing
  case readsLagBehind
  case readsAreCached
  case readsPastTheRange
  case rangeMustBeWhole
  case skipsAnEntryBetweenChunks
  case storesTheWholeChunk
  case limitGivesNothing
  case ignoresTheLimit

  // What truncation and purging leave.
  case truncatesOneTooMany
  case truncatesOneTooFew
  case truncationIsIgnored
  case truncationAfterNothingIsIgnored
  case truncationAfterNothingForgetsPurge
  case truncationBeyondTheEndEmpties
  case oldEntriesHideNewOnes
  case purgesOneTooFew
  case purgesOneTooMany
  case purgeBeyondTheEndIsIgnored
  case indicesOf32Bits

  // What entries look like.
  case payloadsOfSevenBits
  case emptyPayloadsVanish
  case payloadsOfAtMostOneMegabyte
  case kindsBecomeCommands
  case timestampsInMilliseconds
  case leadersOf32Bits
  case membershipsLoseMetadata
  case membershipsLoseLeavingRule

  case losesLastEntryWhenReopened
  case keepsFirstCluster

  // What it says of its writes.
  case votesAreNeverReported
  case adoptionIsNeverReported
  case nothingIsEverReported
  case failsAfterTruncation
  case reportsTwice
  case reportsWhatItReturned

  // What reads give behind truncations and purges.
  case readsOutliveTruncations
  case purgedReadsBeginLater
  case payloadsEndAtAZero

  // What a power cut leaves.
  case reportsBeforeDurable
  case votesAreLostByPowerCuts
  case votesOvertakeEntries
  case clustersAreLostByPowerCuts
  case lastEntryIsLostByPowerCuts
  case holesAfterPowerCuts
  case tornEntriesAfterPowerCuts
  case truncationsAreUndoneByPowerCuts
  case purgesTakeTheVoteByPowerCuts
  case purgedPositionIsLostByPowerCuts
  case otherIncarnationAfterPowerCuts

  // What it does when its device fails.
  case failuresAreNotReported
  case failuresAreReportedAsDone
  case failuresOfTruncationsAreForgotten
  case failuresOfPurgesAreForgotten
  case goesOnAfterFailures

  // What it does when its data was damaged.
  case damageIsTakenForAnEnd
  case damageIsHandedOut

  /// A case that must find the fault.
  var finder: String {
    switch self {
    case .bornWithVote: "A fresh log store holds nothing but its incarnation"
    case .constantIncarnation: "Every fresh log store is another incarnation"
    case .otherIncarnationWhenReopened:
      "A store without writes is the same incarnation when it is opened again"
    case .forgetsVote: "A saved vote is there after reopening"
    case .keepsFirstVote: "The last of several votes is there after reopening"
    case .forgetsGeneration: "The cluster is there after reopening, with its generation"
    case .forgetsWatermark: "A watermark noted before a write is there after reopening"
    case .watermarkRunsAhead:
      "A watermark without a write behind it is there, or an earlier one"
    case .forgetsPurgedPosition: "A log purged through its first entry states both ends"
    case .forgetsEndOfEmptyLog: "A log purged through its end states that end twice"
    case .purgeForgetsVote:
      "Vote, cluster and watermark outlive the entries that were purged around them"
    case .truncationIsUndoneByReopening:
      "Entries that were cut off do not come back by reopening"
    case .purgeIsUndoneByReopening: "Entries that were purged do not come back by reopening"
    case .missingIsEmpty: "A read that begins behind the end fails as missing"
    case .emptyRangeIsMissing:
      "A read of a range that ends before it begins gives nothing"
    case .readsLagBehind: "An appended entry is readable as soon as the call returns"
    case .readsAreCached: "An entry appended after a read is in the next read"
    case .readsPastTheRange: "A read gives the entries of its range and no others"
    case .rangeMustBeWhole: "A read that reaches beyond the end gives what is there"
    case .skipsAnEntryBetweenChunks:
      "Reads run across the borders of what was appended together"
    case .storesTheWholeChunk:
      "A slice of a chunk is stored as the entries of the slice alone"
    case .limitGivesNothing:
      "A limited read gives a part that begins with the first entry and is not empty"
    case .ignoresTheLimit: "A limited read stops within a chunk"
    case .truncatesOneTooMany: "Truncation after the last entry removes nothing"
    case .truncatesOneTooFew: "Truncation keeps the entry it names and none behind it"
    case .truncationIsIgnored:
      "Entries that were cut off do not come back behind fewer new ones"
    case .truncationAfterNothingIsIgnored: "Truncation after nothing empties the log"
    case .truncationAfterNothingForgetsPurge:
      "Truncation after nothing keeps the purged position"
    case .truncationBeyondTheEndEmpties:
      "Truncation after a position beyond the end removes nothing"
    case .oldEntriesHideNewOnes: "Entries of another leader follow a truncation"
    case .purgesOneTooFew: "A purge through the first entry removes it alone"
    case .purgesOneTooMany: "A purge cuts within a chunk"
    case .purgeBeyondTheEndIsIgnored:
      "A purge beyond the end leaves an empty log that continues behind it"
    case .indicesOf32Bits: "Indices far beyond 32 bits are kept"
    case .payloadsOfSevenBits: "Payloads keep every byte"
    case .emptyPayloadsVanish: "Empty payloads are entries like others"
    case .payloadsOfAtMostOneMegabyte: "A payload of several megabytes is kept"
    case .kindsBecomeCommands: "Every kind of entry keeps its kind"
    case .timestampsInMilliseconds: "Timestamps keep their nanoseconds"
    case .leadersOf32Bits: "Entries keep the round and the node of their leader"
    case .membershipsLoseMetadata, .membershipsLoseLeavingRule:
      "Membership entries keep their whole membership"
    case .losesLastEntryWhenReopened: "A log of entries alone states its end"
    case .keepsFirstCluster: "A later generation of the cluster is there after reopening"
    case .votesAreNeverReported: "A saved vote becomes durable"
    case .adoptionIsNeverReported: "Binding the store to a cluster becomes durable"
    case .nothingIsEverReported: "Closing finishes the writes under way"
    case .failsAfterTruncation:
      "A watermark noted, a truncation or a purge hold up no later write"
    case .reportsTwice, .reportsWhatItReturned:
      "No write is reported twice, and none that was durable on return"
    case .readsOutliveTruncations:
      "A read after a truncation gives nothing that was read before it"
    case .purgedReadsBeginLater: "Reads around the purged end give what is left, and nothing of it"
    case .payloadsEndAtAZero: "Payloads may be any bytes, also those that mean something elsewhere"
    case .reportsBeforeDurable, .lastEntryIsLostByPowerCuts:
      "Entries that are reported outlive a power cut"
    case .votesAreLostByPowerCuts: "A vote that is reported outlives a power cut"
    case .clustersAreLostByPowerCuts, .otherIncarnationAfterPowerCuts:
      "The cluster, once reported, outlives a power cut"
    case .holesAfterPowerCuts, .votesOvertakeEntries:
      "What is written without waiting is kept from its beginning on, or not at all"
    case .tornEntriesAfterPowerCuts:
      "Entries of every kind are whole after a power cut, or absent"
    case .truncationsAreUndoneByPowerCuts:
      "Entries that were cut off do not come back behind a reported write"
    case .purgesTakeTheVoteByPowerCuts:
      "A purge takes nothing else along when the power is cut"
    case .purgedPositionIsLostByPowerCuts: "A purge beyond the end is whole after a power cut"
    case .failuresAreNotReported: "A write to a failing device is reported as failed"
    case .failuresAreReportedAsDone: "A vote that cannot be written is reported as failed"
    case .failuresOfTruncationsAreForgotten:
      "A failure reaches the write behind a truncation that nobody waits for"
    case .failuresOfPurgesAreForgotten:
      "A failure reaches the write behind a purge that nobody waits for"
    case .goesOnAfterFailures:
      "After a failure writes are refused, though the device works again"
    case .damageIsTakenForAnEnd, .damageIsHandedOut:
      "Damage to what was reported is told, and never taken for an unfinished end"
    }
  }
}

extension LogFault {
  /// Those that show only if a write is not durable yet when the power is cut.
  static let showingAtPowerCuts: Set = [
    LogFault.votesOvertakeEntries, .holesAfterPowerCuts, .tornEntriesAfterPowerCuts,
  ]
}
