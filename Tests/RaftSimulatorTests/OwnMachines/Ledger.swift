import Raft

/// Accounts that money is moved between; nothing is made, nothing is lost.
struct Ledger: StateMachine {
  /// Moves an amount, if the account has it.
  struct Transfer: Hashable {
    let from: Int
    let to: Int
    let amount: Int
  }

  /// A bug to be found.
  enum Bug {
    case none
    /// The effect depends on who applies.
    case dependsOnNode(NodeID)
    /// The snapshot leaves an account out.
    case forgetsInSnapshot
    /// Money is made.
    case makesMoney
  }

  static let start = 100
  let bug: Bug
  private(set) var accounts = [Int](repeating: Self.start, count: 4)

  init(_ bug: Bug = .none) {
    self.bug = bug
  }

  static func encode(_ command: Transfer, into writer: inout PayloadWriter) {
    writer.write([UInt8(command.from), UInt8(command.to), UInt8(command.amount)])
  }

  static func decode(_ payload: PayloadReader) throws -> Transfer {
    let bytes = payload.bytes
    return Transfer(from: Int(bytes[0]), to: Int(bytes[1]), amount: Int(bytes[2]))
  }

  mutating func apply(_ command: Transfer, in context: ApplyContext) async throws -> Bool {
    var isMoved = self.accounts[command.from] >= command.amount
    if case .dependsOnNode(2) = self.bug, command.amount == 7 { isMoved = false }
    guard isMoved else { return false }
    self.accounts[command.from] -= command.amount
    self.accounts[command.to] += command.amount
    if case .makesMoney = self.bug, command.amount == 9 { self.accounts[0] += 1 }
    return true
  }

  mutating func freeze() async throws -> any FrozenState {
    var kept = self.accounts
    if case .forgetsInSnapshot = self.bug { kept[3] = Self.start }
    return Frozen(accounts: kept)
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    self.accounts = (0..<4).map { Int(bytes[2 * $0]) | Int(bytes[2 * $0 + 1]) << 8 }
  }

  private struct Frozen: FrozenState {
    let accounts: [Int]

    func write(to sink: SnapshotSink) async throws {
      for account in self.accounts {
        try await sink.write([UInt8(account & 0xFF), UInt8(account >> 8)])
      }
    }
  }
}
