/// Commands that wait to be carried out: those that may run at once, and those that wait for a
/// write to become durable (the flush table of the protocol).
package struct CommandQueue: Hashable, Sendable {
  private struct Held: Hashable {
    let sequence: UInt64
    let vote: Vote
    let command: Command
  }

  /// What can be carried out now.
  package private(set) var ready: [Command] = []
  /// What that is, in a word.
  package private(set) var summary: CommandSummary = []
  private var held: [Held] = []
  private var heldHead = 0

  package init() {}

  /// Whether nothing can be carried out now.
  package var isEmpty: Bool { self.ready.isEmpty }

  /// How many commands wait for a write.
  var heldCount: Int { self.held.count - self.heldHead }

  /// Hands over all commands that may run; `commands` must be empty and lends its storage.
  package mutating func drain(into commands: inout [Command]) {
    precondition(commands.isEmpty, "\(commands.count) commands were not carried out")
    swap(&self.ready, &commands)
    self.summary = []
  }

  @inline(__always)
  mutating func append(_ command: consuming Command) {
    self.summary.formUnion(CommandSummary(of: command))
    self.push(command)
  }

  /// The part of `append` that is one for all callers.
  @inline(never)
  private mutating func push(_ command: consuming Command) {
    self.ready.append(command)
  }

  /// Keeps the command back until the write with this number is durable.
  mutating func hold(_ command: consuming Command, untilFlushed sequence: UInt64, under vote: Vote)
  {
    // Almost always the newest write; an answer that rests on the vote alone waits for less.
    var place = self.held.count
    while place > self.heldHead, self.held[place - 1].sequence > sequence { place -= 1 }
    let held = Held(sequence: sequence, vote: vote, command: command)
    if place == self.held.count {
      self.held.append(held)
    } else {
      self.held.insert(held, at: place)
    }
  }

  /// All writes through this number are durable: releases what waited for them.
  ///
  /// What was meant under another vote than `vote` has lost its ground: a vote request is
  /// dropped, and a leader that no longer has this node's vote hears of the later one.
  mutating func release(flushed sequence: UInt64, vote: Vote) {
    while self.heldHead < self.held.count, self.held[self.heldHead].sequence <= sequence {
      let next = self.takeHeld()
      guard next.vote != vote else {
        self.append(next.command)
        continue
      }
      switch next.command {
      case .requestVote:
        continue
      case .respond(let ticket, .append):
        self.append(.respond(ticket, .append(.higherVote(vote))))
      default:
        self.append(next.command)
      }
    }
    if self.heldHead > 64, self.heldHead * 2 > self.held.count {
      self.held.removeFirst(self.heldHead)
      self.heldHead = 0
    }
  }

  /// The first that is held; the last one, which most often is the only one, is moved and not copied.
  private mutating func takeHeld() -> Held {
    guard self.heldHead + 1 == self.held.count else {
      self.heldHead += 1
      return self.held[self.heldHead - 1]
    }
    let last = self.held.removeLast()
    if self.heldHead > 0 {
      self.held.removeAll(keepingCapacity: true)
      self.heldHead = 0
    }
    return last
  }
}
