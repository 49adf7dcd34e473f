internal import RaftFiles

/// What becomes of one read of a file.
public enum ReadFault: Hashable, Sendable {
  /// The device fails to read.
  case failed
  /// The read ends early, after half of its bytes, as if the file ended there.
  case short
}

/// The faults that a simulated disk is told to show.
struct FaultPlan {
  /// What every mutating operation fails with; `nil` if only those below fail.
  var everything: FileError.Code?
  /// The mutating operation that is not carried out, nor any call after it.
  var crashBefore: Int?
  /// Mutating operations that fail, by their number.
  var numbered: [Int: FileError.Code] = [:]
  /// Reads that do not give what they should, by their number.
  var reads: [Int: ReadFault] = [:]
  /// Faults that wait for the next operation of their kind, in the order they were planned.
  var waiting: [Waiting] = []

  struct Waiting {
    var operation: FileOperation
    var path: DiskPath?
    var code: FileError.Code
  }

  /// Takes the fault planned for an operation out of the plan.
  mutating func take(
    number: Int?, _ operation: FileOperation, _ path: DiskPath
  ) -> FileError.Code? {
    if number != nil, let everything { return everything }
    if let number, let code = self.numbered.removeValue(forKey: number) { return code }
    let index = self.waiting.firstIndex {
      $0.operation == operation && ($0.path == nil || $0.path == path)
    }
    return index.map { self.waiting.remove(at: $0).code }
  }
}
