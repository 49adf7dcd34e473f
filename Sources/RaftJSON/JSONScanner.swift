/// The grammar of RFC 8259: goes once over the bytes and reports what it meets.
///
/// It neither recurses nor allocates: which of the open containers are objects is a row of bits.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position: Int

  /// One bit for each open container, the innermost lowest; 1 is an object.
  private typealias Kinds = UInt128

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    precondition(Kinds.bitWidth == JSON.maximumDepth, "one bit for each level")
    self.bytes = bytes
    self.position = position
  }

  /// Reads a whole text: one value, with nothing but white space around it.
  mutating func text<Sink: JSONSink>(_ sink: inout Sink) throws(JSONFault) {
    if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw self.fault(.byteOrderMark) }
    self.skipWhitespace()
    try self.value(&sink)
    self.skipWhitespace()
    guard self.isAtEnd else { throw self.fault(.end) }
  }

  /// Reads one value from its first byte on, and stops after its last byte.
  mutating func value<Sink: JSONSink>(_ sink: inout Sink) throws(JSONFault) {
    var kinds: Kinds = 0
    var depth = 0
    while true {
      var complete = true
      let start = self.position
      switch self.current {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < JSON.maximumDepth else { throw self.fault(.depth) }
        let isObject = self.current == UInt8(ascii: "{")
        sink.open(isObject ? .object : .numbers, at: start)
        kinds = kinds << 1 | (isObject ? 1 : 0)
        depth += 1
        self.position += 1
        self.skipWhitespace()
        if self.current == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { break }
        complete = isObject ? try self.name(&sink) : false
        if !isObject, sink.ignoresNumbers { self.skipByteNumbers() }
      case UInt8(ascii: "\""):
        let escaped = try self.string()
        sink.scalar(escaped ? .escapedString : .string, start..<self.position)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        try self.number()
        sink.scalar(.number, start..<self.position)
      default:
        sink.scalar(try self.literal(), start..<self.position)
      }
      guard complete else { continue }
      guard try self.next(&sink, kinds: &kinds, depth: &depth) else { return }
    }
  }

  /// After a complete value (or an opening bracket whose closing one follows): closes what
  /// closes here and moves on to the next value's first byte, or tells that there is none.
  private mutating func next<Sink: JSONSink>(
    _ sink: inout Sink, kinds: inout Kinds, depth: inout Int
  ) throws(JSONFault) -> Bool {
    while depth > 0 {
      self.skipWhitespace()
      let isObject = kinds & 1 == 1
      switch self.current {
      case UInt8(ascii: ","):
        self.position += 1
        self.skipWhitespace()
        if isObject, try self.name(&sink) { continue }
        return true
      case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
        self.position += 1
        try sink.close(at: self.position)
        kinds >>= 1
        depth -= 1
      default:
        throw self.fault(isObject ? .commaOrBrace : .commaOrBracket)
      }
    }
    return false
  }

  /// Reads a member's name and colon; true if its value was sealed and is complete as well.
  private mutating func name<Sink: JSONSink>(_ sink: inout Sink) throws(JSONFault) -> Bool {
    let start = self.position
    guard self.current == UInt8(ascii: "\"") else { throw self.fault(.name) }
    let escaped = try self.string()
    let reading = sink.name(escaped ? .escapedName : .name, start..<self.position)
    self.skipWhitespace()
    guard self.current == UInt8(ascii: ":") else { throw self.fault(.colon) }
    self.position += 1
    self.skipWhitespace()
    guard reading == .sealed else { return false }
    let isObject = self.current == UInt8(ascii: "{")
    guard isObject || self.current == UInt8(ascii: "[") else { return false }
    let valueStart = self.position
    var silence = JSONSilence()
    try self.value(&silence)
    sink.sealed(isObject ? .sealedObject : .sealedArray, valueStart..<self.position)
    return true
  }
}
