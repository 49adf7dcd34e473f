import Raft

extension SimulatedConnection {
  /// A message in words: what it is called, and what it says.
  struct Message: Sendable {
    let kind: MessageKind
    let name: String
    /// Put into words only if somebody wants to read them.
    let text: @Sendable () -> String

    init(_ kind: MessageKind, _ name: String, _ text: @escaping @autoclosure @Sendable () -> String)
    {
      self.kind = kind
      self.name = name
      self.text = text
    }
  }

  /// A message on its way, for the trace.
  struct Note {
    private let message: Message
    private let number: Int
    private let from: NodeID
    private let to: NodeID
    private let world: NodeWorld

    init(_ message: Message, from: NodeID, to: NodeID, _ world: NodeWorld) {
      self.message = message
      self.number = world.trace.nextMessage()
      self.from = from
      self.to = to
      self.world = world
    }

    private var mark: TraceMark { .message(number: self.number, name: self.message.name) }

    func sent() {
      self.world.note(
        .sent, self.from, peer: self.to,
        "\(self.message.name) to n\(self.to): \(self.message.text())", mark: self.mark)
    }

    func lost() {
      self.world.note(
        .lost, self.from, peer: self.to, "\(self.message.name) to n\(self.to)", mark: self.mark)
    }

    func arrived() {
      self.world.note(
        .input, self.to, peer: self.from,
        "\(self.message.name) received (from n\(self.from): \(self.message.text()))",
        mark: .arrived(message: self.number))
    }
  }
}

extension AppendRequest {
  /// The request in words.
  var message: SimulatedConnection.Message {
    self.entries.isEmpty
      ? .init(.heartbeat, "heartbeat", self.line) : .init(.append, "append", self.line)
  }

  private var line: String {
    let entries = self.entries.map { "\($0)" }.joined(separator: " ")
    return """
      \(self.header.vote) after \(self.header.previous.brief) committed \
      \(self.header.committed.brief) [\(entries)]
      """
  }
}
