extension Dice {
  /// The dice of one piece of a run: they fall the same way whatever else happens.
  init(seed: UInt64, _ kind: Scenario.Piece, _ number: Int) {
    let place: UInt64 =
      switch kind {
      case .fault: 1 << 56
      case .ambush: 2 << 56
      case .request: 3 << 56
      }
    var mixer = Dice(seed: seed)
    let base = mixer.next()
    var second = Dice(seed: base ^ (place | UInt64(number)))
    self.init(seed: second.next())
  }
}

extension World {
  /// Does something with other dice, so that what it draws, or whether it is done at all, moves
  /// no other draw.
  func roll<Result>(
    _ own: Dice, _ body: () throws(Finding) -> Result
  ) throws(Finding) -> Result {
    let shared = self.dice
    self.dice = own
    defer { self.dice = shared }
    return try body()
  }

  /// Numbers a piece of the run, and does it with dice of its own unless the scenario leaves it
  /// out.
  ///
  /// - Parameters:
  ///   - always: What is done in any case, with the same dice.
  func play(
    _ kind: Scenario.Piece, always: () -> Void = {}, _ body: () throws(Finding) -> Void
  ) throws(Finding) {
    self.pieces[kind] += 1
    let number = self.pieces[kind]
    try self.roll(Dice(seed: self.scenario.seed, kind, number)) { () throws(Finding) in
      always()
      guard self.scenario[kind].admits(number) else { return }
      let before = self.piece
      self.piece = (kind, number)
      defer { self.piece = before }
      try body()
    }
  }
}
