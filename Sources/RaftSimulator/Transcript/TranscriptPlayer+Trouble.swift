import Raft

/// Commands that bring or end a trouble, or tell a node to do something.
extension TranscriptPlayer {
  func trouble(
    _ command: TranscriptCommand, on stage: any TranscriptStage
  ) throws(CommandFault) {
    switch command {
    case .elect(let id):
      try self.checkUp(id)
      stage.elect(id)
    case .snapshot(let id):
      try self.checkUp(id)
      stage.buildSnapshot(id)
    case .crash(let ids):
      for id in ids {
        try self.checkUp(id)
        stage.crash(id)
      }
    case .stop(let ids):
      for id in ids {
        try self.checkUp(id)
        stage.stop(id)
      }
    case .start(let ids):
      for id in ids {
        try self.checkDown(id, on: stage)
        stage.start(id)
      }
    case .wipe(let id):
      try self.checkDown(id, on: stage)
      stage.wipe(id)
    case .pause(let id, let length):
      try self.checkUp(id)
      stage.pause(id, for: length)
    case .clock(let id, let length):
      try self.checkUp(id)
      stage.jumpClock(of: id, by: length)
    case .stall(let id):
      try self.checkUp(id)
      stage.stall(id)
    case .resume(let id):
      try self.check(id)
      stage.resume(id)
    case .fail(let id):
      try self.checkUp(id)
      stage.failDisk(id)
    default:
      try self.troubleNetwork(command, on: stage)
    }
  }

  private func checkDown(
    _ id: NodeID, on stage: any TranscriptStage
  ) throws(CommandFault) {
    try self.check(id)
    guard stage.status(of: id) == nil else {
      throw CommandFault("node \(id) is running; 'crash \(id)' or 'stop \(id)' first")
    }
  }

  private func troubleNetwork(
    _ command: TranscriptCommand, on stage: any TranscriptStage
  ) throws(CommandFault) {
    switch command {
    case .cut(let one, let other, let ways):
      try self.set(true, one, other, ways, on: stage)
    case .mend(let one, let other, let ways):
      try self.set(false, one, other, ways, on: stage)
    case .isolate(let ids):
      for id in ids {
        try self.check(id)
        for other in self.ids where other != id {
          try self.set(true, id, other, .bothWays, on: stage)
        }
      }
    case .split(let sides):
      for (place, side) in sides.enumerated() {
        for one in side {
          for other in sides[..<place].joined() {
            try self.set(true, one, other, .bothWays, on: stage)
          }
        }
      }
    case .heal:
      for one in self.ids {
        for other in self.ids where other != one { stage.setCut(false, from: one, to: other) }
      }
    case .hold(let kind, let one, let other, let ways, let count):
      try self.check(one)
      try self.check(other)
      stage.addRule(.hold, of: kind, from: one, to: other, .untilReleased, after: count)
      if ways == .bothWays {
        stage.addRule(.hold, of: kind, from: other, to: one, .untilReleased, after: count)
      }
    case .drop(let kind, let from, let to):
      try self.check(from)
      try self.check(to)
      stage.addRule(.lose, of: kind, from: from, to: to, .once, after: 0)
    case .duplicate(let kind, let from, let to):
      try self.check(from)
      try self.check(to)
      stage.addRule(.twice, of: kind, from: from, to: to, .once, after: 0)
    case .release:
      stage.release()
    default:
      preconditionFailure("nobody plays \(command)")
    }
  }

  private func set(
    _ isCut: Bool, _ one: NodeID, _ other: NodeID, _ ways: TranscriptCommand.Ways,
    on stage: any TranscriptStage
  ) throws(CommandFault) {
    try self.check(one)
    try self.check(other)
    stage.setCut(isCut, from: one, to: other)
    if ways == .bothWays { stage.setCut(isCut, from: other, to: one) }
  }
}
