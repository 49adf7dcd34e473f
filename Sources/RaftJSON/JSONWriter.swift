/// Writes one JSON value piece by piece into bytes.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object { writer in
///   writer.member("term", term)
///   writer.member("entries") { $0.array(entries) { $0.write($1) } }
/// }
/// send(writer.finish())
/// ```
/// The text is UTF-8. Quotes, backslashes and control characters are escaped, nothing else.
/// Members appear in the order in which they are written; that their names differ is up to the
/// caller. Pieces that do not add up to one value (a member without a value, a name in an array,
/// two values outside) are a mistake in the program and stop it. So does the use of a writer
/// after one of its bodies has thrown: drop it.
public struct JSONWriter: Sendable {
  /// How the text is laid out.
  public enum Style: Hashable, Sendable {
    /// Without any white space, for machines.
    case compact

    /// Each member and element on its own line, indented by two spaces a level, for people.
    case indented
  }

  /// What may come next.
  enum Position: Sendable {
    case root
    case firstElement
    case nextElement
    case firstName
    case nextName
    case value
    case nothing
  }

  let style: Style
  var output: [UInt8] = []
  var position: Position = .root
  private var depth = 0

  /// A writer of one value.
  ///
  /// - Parameters:
  ///   - style: The layout.
  ///   - capacity: How many bytes to make room for at the start.
  public init(_ style: Style = .compact, capacity: Int = 0) {
    self.style = style
    self.output.reserveCapacity(capacity)
  }

  /// The text of the value, which must be complete.
  public consuming func finish() -> [UInt8] {
    precondition(self.position == .nothing, "the value is not complete: \(self.position) is next")
    return self.output
  }

  /// Writes `null`.
  public mutating func null() {
    self.literal("null")
  }

  /// Writes a value of a type that knows how.
  @inlinable
  public mutating func write(_ value: some JSONWritable) {
    value.write(to: &self)
  }

  /// Writes an object; the body writes its members.
  @inlinable
  public mutating func object<Failure: Error>(
    _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    let before = self.openObject()
    try body(&self)
    self.closeObject(before)
  }

  /// Writes an array; the body writes its elements.
  @inlinable
  public mutating func array<Failure: Error>(
    _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    let before = self.openArray()
    try body(&self)
    self.closeArray(before)
  }

  /// Writes an array with one element for each of `values`, which the body writes.
  @inlinable
  public mutating func array<Values: Sequence, Failure: Error>(
    _ values: Values, _ body: (inout JSONWriter, Values.Element) throws(Failure) -> Void
  ) throws(Failure) {
    let before = self.openArray()
    for value in values { try body(&self, value) }
    self.closeArray(before)
  }

  /// Writes a member of the object around it.
  @inlinable
  public mutating func member(_ name: String, _ value: some JSONWritable) {
    self.name(name)
    value.write(to: &self)
  }

  /// Writes a member of the object around it; the body writes its value.
  @inlinable
  public mutating func member<Failure: Error>(
    _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) {
    self.name(name)
    try body(&self)
  }

  /// Writes the name of a member; its value comes next.
  public mutating func name(_ name: String) {
    switch self.position {
    case .firstName: break
    case .nextName: self.output.append(UInt8(ascii: ","))
    default: preconditionFailure("the name \"\(name)\" is not in an object's place for one")
    }
    self.startLine()
    self.quote(name)
    self.output.append(UInt8(ascii: ":"))
    if self.style == .indented { self.output.append(UInt8(ascii: " ")) }
    self.position = .value
  }

  /// Makes ready for a value.
  mutating func startValue() {
    switch self.position {
    case .root: self.position = .nothing
    case .firstElement:
      self.startLine()
      self.position = .nextElement
    case .nextElement:
      self.output.append(UInt8(ascii: ","))
      self.startLine()
    case .value: self.position = .nextName
    case .firstName, .nextName: preconditionFailure("a member's value needs a name before it")
    case .nothing: preconditionFailure("the value is complete, and another one follows")
    }
  }

  private mutating func startLine() {
    guard self.style == .indented else { return }
    self.output.append(UInt8(ascii: "\n"))
    self.output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * self.depth))
  }

  // MARK: Brackets

  // What is around a container is kept by whoever opened it, so the writer needs no stack.

  @usableFromInline
  mutating func openObject() -> Around { self.open(UInt8(ascii: "{"), .firstName) }

  @usableFromInline
  mutating func openArray() -> Around { self.open(UInt8(ascii: "["), .firstElement) }

  @usableFromInline
  mutating func closeObject(_ around: Around) {
    self.close(UInt8(ascii: "}"), around, ifAt: .firstName, or: .nextName)
  }

  @usableFromInline
  mutating func closeArray(_ around: Around) {
    self.close(UInt8(ascii: "]"), around, ifAt: .firstElement, or: .nextElement)
  }

  /// The place of a container in what is around it.
  @usableFromInline
  struct Around {
    fileprivate let position: Position
  }

  private mutating func open(_ bracket: UInt8, _ inside: Position) -> Around {
    self.startValue()
    self.output.append(bracket)
    self.depth += 1
    defer { self.position = inside }
    return Around(position: self.position)
  }

  private mutating func close(
    _ bracket: UInt8, _ around: Around, ifAt first: Position, or next: Position
  ) {
    precondition(
      self.position == first || self.position == next,
      "an array or object ends where a \(self.position) must come")
    self.depth -= 1
    if self.position == next { self.startLine() }
    self.output.append(bracket)
    self.position = around.position
  }
}
