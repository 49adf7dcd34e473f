/// What the names in the log's directory stand for.
struct SegmentNames: Hashable, Sendable {
  /// The numbers of the segments that belong together, ascending.
  let row: [UInt64]
  /// The numbers of segments that lie before a gap: they were purged.
  ///
  /// A power cut may undo the removal of some. Whether the rest is all there is to know, its first
  /// segment tells.
  let forgotten: [UInt64]
  /// The names of former segments that are kept to be written over.
  let spares: [String]
  /// The names of files that were never finished.
  let unfinished: [String]

  /// Sorts the names in the directory.
  init(_ names: [String]) {
    let numbers = names.compactMap(FolderLayout.segmentNumber).sorted()
    let start = numbers.indices.last { $0 == 0 || numbers[$0 - 1] + 1 != numbers[$0] } ?? 0
    self.row = Array(numbers[start...])
    self.forgotten = Array(numbers[..<start])
    self.spares = names.filter(FolderLayout.isSpare)
    self.unfinished = names.filter(FolderLayout.isUnfinished)
  }
}
