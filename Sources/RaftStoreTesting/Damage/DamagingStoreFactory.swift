/// Which of a node's two stores is meant.
public enum StoreMedium: Hashable, Sendable, CaseIterable {
  /// Where the log and the vote are.
  case log
  /// Where the snapshots are.
  case snapshots
}

/// Stores whose data can be changed behind their back, byte by byte: they are held to telling.
///
/// For a store in one file the bytes are those of the file; for one in several files, all of them,
/// one file after the other. Leave out what holds nothing that was reported, such as a lock.
public protocol DamagingStoreFactory: StoreFactory {
  /// How many bytes a medium has at a place whose stores are closed.
  func byteCount(of medium: StoreMedium, at place: Place) throws -> Int

  /// A copy of a place whose stores are closed, with other bits in this one byte.
  func copy(of place: Place, damaging medium: StoreMedium, at offset: Int) throws -> Place
}

/// How the bytes of a place are damaged.
struct StoreDamage: Sendable {
  let byteCount: @Sendable (StoreMedium) throws -> Int
  let damaged: @Sendable (StoreMedium, Int) throws -> StoreRemains
}

extension DamagingStoreFactory {
  func damage(of place: any Sendable) -> StoreDamage? {
    guard let place = place as? Place else { return nil }
    return StoreDamage(
      byteCount: { try self.byteCount(of: $0, at: place) },
      damaged: { medium, offset in
        let copy = try self.copy(of: place, damaging: medium, at: offset)
        return StoreRemains(
          open: { try await self.openStores(at: copy) },
          remove: { try await self.removePlace(copy) })
      })
  }
}
