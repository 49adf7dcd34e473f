import RaftSimulator

/// The definition of linearizability, tried out.
///
/// Every choice of operations of unknown outcome in every order: for a handful of operations.
struct BruteForceChecker {
  private let operations: [ClientOperation]
  private let spans: [(from: Int, to: Int)]

  /// Whether the history, whose operations ended or not as `spans` say, has an explanation.
  static func explains(_ history: ClientHistory, spans: [(from: Int, to: Int)]) -> Bool {
    Set(history.operations.map(\.key)).allSatisfy { key in
      let chosen = history.operations.filter { $0.key == key && $0.outcome != .failed }
      return BruteForceChecker(
        operations: chosen, spans: chosen.map { spans[$0.id.rawValue] }
      ).extend([])
    }
  }

  private func extend(_ order: [Int]) -> Bool {
    let left = self.operations.indices.filter { !order.contains($0) }
    let required = left.filter { self.answer(of: $0) != nil }
    if required.isEmpty, self.isExplained(order) { return true }
    let earliest = required.map { self.spans[$0].to }.min() ?? Int.max
    return left.contains { self.spans[$0].from < earliest && self.extend(order + [$0]) }
  }

  private func answer(of index: Int) -> ClientOperation.Answer? {
    guard case .succeeded(let answer) = self.operations[index].outcome else { return nil }
    return answer
  }

  /// Whether one register gives these answers in this order, with some growing versions.
  private func isExplained(_ order: [Int]) -> Bool {
    var values: [UInt64?] = [nil]
    // What the version of each state must be; every list starts without a demand.
    var demands: [Set<UInt64>] = [[0]]
    for index in order {
      let answer = self.answer(of: index)
      switch (self.operations[index].action, answer) {
      case (.read, nil): continue
      case (_, .read(let found)), (_, .mismatched(let found)):
        guard found.value == values[values.count - 1] else { return false }
        if let version = found.version { demands[demands.count - 1].insert(version) }
        if case .compareAndSet(let expectation, _) = self.operations[index].action {
          if expectation == .value(found.value) { return false }
          if let version = found.version, expectation == .version(version) { return false }
        }
        continue
      case (.compareAndSet(.value(let value), _), _) where value != values[values.count - 1]:
        return false
      case (.compareAndSet(.version(let version), _), _):
        demands[demands.count - 1].insert(version)
      default: break
      }
      switch self.operations[index].action {
      case .write(let value), .compareAndSet(_, let value): values.append(value)
      case .read: break
      }
      demands.append([])
      if case .written(.some(let version)) = answer { demands[demands.count - 1].insert(version) }
    }
    var least: UInt64 = 0
    for demand in demands {
      guard demand.count <= 1, demand.first ?? least >= least else { return false }
      least = (demand.first ?? least) + 1
    }
    return true
  }
}
