/// Answers that exclude each other whatever the order of the operations.
public enum Contradiction: Hashable, Sendable {
  /// The reader saw a value that nobody had asked to write by then.
  case phantom(reader: ClientOperation.ID, value: UInt64)
  /// The reader saw the value of a write that had certainly not taken effect, so it was said.
  case failedWriteSeen(reader: ClientOperation.ID, writer: ClientOperation.ID)
  /// The reader saw a value that had been overwritten before the reader asked; without a writer,
  /// it saw a register that was never written.
  case overwritten(
    reader: ClientOperation.ID, writer: ClientOperation.ID?, overwriter: ClientOperation.ID)
  /// The compare-and-set was refused although it found what it expected.
  case mismatchWithoutReason(ClientOperation.ID)
  /// Both gave the register the same version.
  case versionReused(ClientOperation.ID, ClientOperation.ID)
  /// The later one was asked after the earlier one ended, and saw or made a version from before.
  case versionWentBack(earlier: ClientOperation.ID, later: ClientOperation.ID)
  /// Both changed the register, and both had found the same state that exists only once.
  case swappedTwice(ClientOperation.ID, ClientOperation.ID)
}

extension Contradiction: CustomStringConvertible {
  /// What cannot be.
  public var description: String {
    switch self {
    case .phantom(let reader, let value):
      "\(reader) saw value \(value), which nobody had asked to write by then"
    case .failedWriteSeen(let reader, let writer):
      "\(reader) saw the value of \(writer), whose client was told that it failed"
    case .overwritten(let reader, .some(let writer), let overwriter):
      """
      \(reader) saw the value of \(writer), which \(overwriter) had overwritten before \
      \(reader) was asked
      """
    case .overwritten(let reader, nil, let overwriter):
      "\(reader) saw no value, though \(overwriter) had set one before \(reader) was asked"
    case .mismatchWithoutReason(let swap):
      "\(swap) was refused although it found what it expected"
    case .versionReused(let first, let second):
      "\(first) and \(second) both gave the register the same version"
    case .versionWentBack(let earlier, let later):
      "\(later) was asked after \(earlier) ended, yet has an older version"
    case .swappedTwice(let first, let second):
      "\(first) and \(second) both replaced the same state"
    }
  }
}
