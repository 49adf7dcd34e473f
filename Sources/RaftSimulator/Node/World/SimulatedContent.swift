import Raft

/// The content of a snapshot on its way, which breaks off when the way does.
final class SimulatedContent: SnapshotReader {
  private let base: any SnapshotReader
  private let network: NodeNetwork
  private let life: NodeLifeReference
  private let to: NodeID

  init(
    base: any SnapshotReader, network: NodeNetwork, life: NodeLifeReference, to: NodeID
  ) {
    self.base = base
    self.network = network
    self.life = life
    self.to = to
  }

  func next() async throws(StorageError) -> [UInt8]? {
    let from = self.life.life?.station.id ?? 0
    await self.network.world.sleep(for: self.network.delay(from: from, to: self.to))
    guard !self.life.isDead, !self.network.loses(from: from, to: self.to) else {
      throw StorageError(.io, "injected: the content broke off")
    }
    return try await self.base.next()
  }
}
