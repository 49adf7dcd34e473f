extension World {
  /// What all clients did and were told, for a checker that knows nothing of logs.
  var clientHistory: ClientHistory {
    // At each place of the order of what clients saw, the call that began or ended there.
    var seen = Array(repeating: 0, count: self.clientEvents + 1)
    for call in self.calls.dropFirst() {
      seen[call.asked] = call.number
      if let answered = call.answered { seen[answered] = -call.number }
    }
    var history = ClientHistory()
    var ids = Array(repeating: ClientOperation.ID(0), count: self.calls.count)
    for number in seen.dropFirst() {
      let call = self.calls[abs(number)]
      guard number < 0 else {
        ids[number] = history.invoke(
          call.action, onKey: call.register, byClient: number, at: UInt64(call.askedAt))
        continue
      }
      switch call.outcome {
      case .written(let version):
        history.succeed(ids[call.number], with: .written(version: version))
      case .mismatched(let found):
        history.succeed(ids[call.number], with: .mismatched(found: found.state))
      case .found(let found):
        history.succeed(ids[call.number], with: .read(found.state))
      case .refused: history.fail(ids[call.number])
      case .unknown: history.giveUp(on: ids[call.number])
      case .pending: break
      }
    }
    return history
  }
}

extension RegisterMachine.Register {
  fileprivate var state: RegisterState {
    self.version == 0 ? .absent : RegisterState(value: self.value, version: self.version)
  }
}

extension ClientCall {
  fileprivate var action: ClientOperation.Action {
    switch self.kind {
    case .read: .read
    case .write: .write(self.value)
    case .compareAndSet(let expected):
      .compareAndSet(expecting: .value(expected == 0 ? nil : expected), to: self.value)
    }
  }
}
