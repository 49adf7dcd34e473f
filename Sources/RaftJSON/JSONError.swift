/// Why a text is no JSON, or a value not what its reader expects.
///
/// The description says where, what was expected and what was found instead:
/// `at $.vote.leader_id.term (byte 31): expected an unsigned integer, found string "x"`.
/// It shows at most a few dozen bytes of what was sent.
public struct JSONError: Error, Hashable, Sendable {
  /// The family of the error, for programs.
  public enum Reason: Hashable, Sendable {
    /// The bytes break the grammar.
    case malformed

    /// More levels than ``JSON/maximumDepth``.
    case tooDeep

    /// An object has two members of the same name.
    case duplicateName

    /// The value is of another type than expected.
    case mismatch

    /// The number does not fit the expected type.
    case outOfRange

    /// A member or element that must be there is not.
    case missing
  }

  /// The family of the error.
  public let reason: Reason

  /// The place in the document: `$` is the outermost value, `$.a[2]` the third element of its
  /// member `a`.
  public let path: String

  /// The place in the text, counted in bytes from 0.
  public let offset: Int

  /// What should have been there.
  public let expected: String

  /// What was there.
  public let found: String
}

extension JSONError: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    "at \(self.path) (byte \(self.offset)): expected \(self.expected), found \(self.found)"
  }
}

extension JSONError {
  init(_ fault: JSONFault, in bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.init(
      reason: fault.problem.reason, path: path, offset: fault.offset,
      expected: fault.problem.expected,
      found: fault.problem.found ?? Self.description(ofByteAt: fault.offset, in: bytes))
  }

  private static func description(
    ofByteAt offset: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    guard 0x21...0x7E ~= byte else { return "byte 0x\(String(byte, radix: 16, uppercase: true))" }
    return "'\(Character(Unicode.Scalar(byte)))'"
  }
}
