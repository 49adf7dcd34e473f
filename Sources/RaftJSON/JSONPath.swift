/// Names a place in a document for people, as in `$.entries[3].log_id`.
struct JSONPath {
  enum Step {
    /// The member whose name is the entry with this index.
    case name(Int)
    case element(Int)
  }

  /// A longer name is cut: a peer may send a name of megabytes, and the path goes to the log.
  private static let longestName = 64

  /// Of a longer path only the first and the last steps are shown, half as many of each.
  private static let mostSteps = 16

  private(set) var text = "$"

  init(_ steps: [Step], entries: [JSONEntry], bytes: UnsafeBufferPointer<UInt8>) {
    for (position, step) in steps.enumerated() {
      if position == Self.mostSteps / 2, steps.count > Self.mostSteps { self.text += "…" }
      let isShown =
        position < Self.mostSteps / 2 || position >= steps.count - Self.mostSteps / 2
      guard isShown else { continue }
      switch step {
      case .name(let index): self.append(name: bytes[entries[index].range])
      case .element(let index): self.text += "[\(index)]"
      }
    }
  }

  private mutating func append(name quoted: Slice<UnsafeBufferPointer<UInt8>>) {
    let body = quoted.dropFirst().dropLast()
    let isWord = body.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    let name = Self.excerpt(body, longest: Self.longestName)
    self.text += isWord && !body.isEmpty ? ".\(name)" : "[\"\(name)\"]"
  }

  /// The bytes' text, cut between two characters if it is longer than `longest` bytes.
  static func excerpt(_ bytes: some BidirectionalCollection<UInt8>, longest: Int) -> String {
    guard bytes.count > longest else { return String(decoding: bytes, as: UTF8.self) }
    var head = bytes.prefix(longest + 1)
    while let next = head.popLast(), next & 0xC0 == 0x80 {}
    return String(decoding: head, as: UTF8.self) + "…"
  }
}

extension JSONDocument {
  /// The path of the value that holds the byte at `offset`.
  func path(to offset: Int) -> String {
    var steps: [JSONPath.Step] = []
    var container = 0
    descent: while self.entries[container].start != offset {
      let entry = self.entries[container]
      switch entry.kind {
      case .numbers:
        let before = self.bytes[entry.start..<offset]
        steps.append(.element(before.reduce(0) { $0 + ($1 == UInt8(ascii: ",") ? 1 : 0) }))
        break descent
      case .array, .object:
        guard let child = self.child(of: container, at: offset) else { break descent }
        steps.append(child.step)
        container = child.entry
      default:
        break descent
      }
    }
    return self.bytes.withUnsafeBufferPointer {
      JSONPath(steps, entries: self.entries, bytes: $0).text
    }
  }

  private func child(of container: Int, at offset: Int) -> (step: JSONPath.Step, entry: Int)? {
    let isObject = self.entries[container].kind == .object
    var index = container + 1
    var count = 0
    while index < self.entries[container].after {
      let value = isObject ? index + 1 : index
      if self.entries[value].range.contains(offset) {
        return (isObject ? .name(index) : .element(count), value)
      }
      index = self.entries[value].after
      count += 1
    }
    return nil
  }
}
