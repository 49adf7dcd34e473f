/// One value or member name of a document: what it is and where its bytes lie.
struct JSONEntry: Sendable {
  enum Kind: UInt8, Sendable {
    case null
    case `false`
    case `true`
    case number
    case string
    case escapedString
    case array
    /// An array of nothing but numbers, whose elements have no entries of their own.
    case numbers
    case object
    case name
    case escapedName
    case sealedArray
    case sealedObject
  }

  var kind: Kind
  let start: Int
  var end: Int

  /// The index of the entry that follows this one and all inside it; while an array or object
  /// is still open, the index of the one around it (-1: none).
  var after: Int

  var range: Range<Int> { self.start..<self.end }
}
