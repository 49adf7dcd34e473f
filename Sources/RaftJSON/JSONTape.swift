/// The entries of a document in the order of their bytes, written while it is scanned.
///
/// An array or object is followed by its elements, or by its members' names and values in turn.
/// An array of numbers is a single entry, so that a snapshot sent as an array of bytes does not
/// cost an entry for each byte.
struct JSONTape: JSONSink {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let sealedNames: [[UInt8]]
  private(set) var entries: [JSONEntry] = []

  /// The index of the innermost open array or object, or -1.
  private var innermost = -1

  init(_ bytes: UnsafeBufferPointer<UInt8>, sealing names: [String]) {
    self.bytes = bytes
    self.sealedNames = names.map { Array($0.utf8) }
    self.entries.reserveCapacity(Swift.min(bytes.count / 8 + 1, 512))
  }

  var ignoresNumbers: Bool {
    self.innermost >= 0 && self.entries[self.innermost].kind == .numbers
  }

  mutating func scalar(_ kind: JSONEntry.Kind, _ range: Range<Int>) {
    if kind == .number {
      if self.ignoresNumbers { return }
    } else {
      self.unpackNumbers(before: range.lowerBound)
    }
    self.append(kind, range)
  }

  mutating func sealed(_ kind: JSONEntry.Kind, _ range: Range<Int>) {
    self.append(kind, range)
  }

  mutating func open(_ kind: JSONEntry.Kind, at start: Int) {
    self.unpackNumbers(before: start)
    self.entries.append(JSONEntry(kind: kind, start: start, end: start, after: self.innermost))
    self.innermost = self.entries.count - 1
  }

  mutating func close(at end: Int) throws(JSONFault) {
    let closed = self.innermost
    if self.entries[closed].kind == .object { try self.checkNames(in: closed) }
    self.innermost = self.entries[closed].after
    self.entries[closed].after = self.entries.count
    self.entries[closed].end = end
  }

  mutating func name(_ kind: JSONEntry.Kind, _ range: Range<Int>) -> JSONMemberReading {
    self.append(kind, range)
    guard !self.sealedNames.isEmpty else { return .inParts }
    return self.sealedNames.contains { self.name(self.entries.count - 1, equals: $0) }
      ? .sealed : .inParts
  }

  private mutating func append(_ kind: JSONEntry.Kind, _ range: Range<Int>) {
    self.entries.append(
      JSONEntry(
        kind: kind, start: range.lowerBound, end: range.upperBound, after: self.entries.count + 1))
  }

  /// The innermost array turns out to hold more than numbers: gives those before `end` entries.
  private mutating func unpackNumbers(before end: Int) {
    guard self.ignoresNumbers else { return }
    self.entries[self.innermost].kind = .array
    var numbers = JSONNumberRanges(from: self.entries[self.innermost].start, upTo: end)
    while let range = numbers.next(in: self.bytes) { self.append(.number, range) }
  }

  private func name(_ index: Int, equals other: [UInt8]) -> Bool {
    let body = self.body(of: index)
    return self.entries[index].kind == .name
      ? other.withUnsafeBufferPointer { body.hasSameBytes(as: $0) }
      : JSONText.unescaped(Array(body)[...]) == other
  }

  /// A name without its quotes.
  private func body(of name: Int) -> UnsafeBufferPointer<UInt8> {
    let entry = self.entries[name]
    return UnsafeBufferPointer(rebasing: self.bytes[(entry.start + 1)..<(entry.end - 1)])
  }

  // MARK: Names that appear twice

  private func checkNames(in object: Int) throws(JSONFault) {
    var count = 0
    var allPlain = true
    var name = object + 1
    while name < self.entries.count {
      count += 1
      allPlain = allPlain && self.entries[name].kind == .name
      name = self.entries[name + 1].after
    }
    if !allPlain {
      try self.checkSet(of: count, in: object) { JSONText.unescaped(Array(self.body(of: $0))[...]) }
    } else if count > 48 {
      try self.checkSet(of: count, in: object) { PlainName(bytes: self.body(of: $0)) }
    } else if count > 1 {
      try self.checkPairs(in: object)
    }
  }

  /// Compares each name with those before it: the fastest way for a few.
  private func checkPairs(in object: Int) throws(JSONFault) {
    let twice = self.entries.withUnsafeBufferPointer { entries -> Int? in
      var later = entries[object + 2].after
      while later < entries.count {
        let length = entries[later].end &- entries[later].start
        var earlier = object + 1
        while earlier < later {
          let entry = entries[earlier]
          if entry.end &- entry.start == length, self.body(of: entry, equals: entries[later]) {
            return entries[later].start
          }
          earlier = entries[earlier + 1].after
        }
        later = entries[later + 1].after
      }
      return nil
    }
    if let twice { throw JSONFault(problem: .duplicateName, offset: twice) }
  }

  /// Whether two names of the same length are the same, the last byte first: names that are
  /// counted up differ there.
  private func body(of one: JSONEntry, equals other: JSONEntry) -> Bool {
    var position = one.end &- one.start &- 2
    while position > 0 {
      if self.bytes[one.start &+ position] != self.bytes[other.start &+ position] { return false }
      position &-= 1
    }
    return true
  }

  /// Looks each name's key up among those before it: for many names, and where escapes may hide
  /// that two are equal.
  private func checkSet<Key: Hashable>(
    of count: Int, in object: Int, key: (Int) -> Key
  ) throws(JSONFault) {
    var seen = Set<Key>(minimumCapacity: count)
    var name = object + 1
    while name < self.entries.count {
      guard seen.insert(key(name)).inserted else {
        throw JSONFault(problem: .duplicateName, offset: self.entries[name].start)
      }
      name = self.entries[name + 1].after
    }
  }

  /// A name without escapes, by its bytes in the text.
  private struct PlainName: Hashable {
    let bytes: UnsafeBufferPointer<UInt8>

    static func == (one: PlainName, other: PlainName) -> Bool {
      one.bytes.hasSameBytes(as: other.bytes)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(bytes: UnsafeRawBufferPointer(self.bytes))
    }
  }

  // MARK: Where a fault lies

  /// The open arrays and objects around the end of the tape, each with what is inside so far.
  func openPath() -> [JSONPath.Step] {
    var steps: [JSONPath.Step] = []
    var container = self.innermost
    var inner = self.entries.count
    while container >= 0 {
      if self.entries[container].kind == .object {
        // A name without a value is that of the member which goes on.
        if inner > container + 1, self.isName(inner - 1) { steps.append(.name(inner - 1)) }
      } else if inner < self.entries.count {
        var index = container + 1
        var count = 0
        while index < inner {
          index = self.entries[index].after
          count += 1
        }
        steps.append(.element(count))
      }
      inner = container
      container = self.entries[container].after
    }
    return steps.reversed()
  }

  private func isName(_ index: Int) -> Bool {
    self.entries[index].kind == .name || self.entries[index].kind == .escapedName
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether both hold the same bytes; for names, which are short.
  @inline(__always)
  func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard self.count == other.count else { return false }
    for position in 0..<self.count where self[position] != other[position] { return false }
    return true
  }
}
