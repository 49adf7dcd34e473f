/// Stores whose power can be cut: they are held to what they reported as durable.
///
/// The cases of ``PowerCutSuite`` use stores while nobody cuts anything, and ask at every moment
/// when something was reported, and after each call, what a cut would leave just then. Each of
/// these remains is opened like any place.
///
/// For a store on a file system of ``SimulatedFileSystem`` the remains are a copy of the disk that
/// has crashed; for one on the machine's own disk they may be a copy of its files, which shows what
/// is left when the process dies.
public protocol CrashingStoreFactory: StoreFactory {
  /// What a power cut at this moment would leave of a place, as a place of its own.
  ///
  /// The stores that are open at `place` go on, and may be writing right now. Called from any
  /// thread, also from within their reports. Where a cut leaves this or that by chance, the seed
  /// may decide. Of two devices, take the log's remains first: a snapshot is durable before the log is
  /// purged behind it.
  func remains(of place: Place, seed: UInt64) throws -> Place
}

/// Stores whose device can be made to fail: they are held to what the contract says of failures.
public protocol FailingStoreFactory: StoreFactory {
  /// From now on every write to the device of this place, and every sync, reports an error.
  func breakDevice(of place: Place)

  /// The device works again; what failed meanwhile is not made good.
  func repairDevice(of place: Place)
}

/// What a case needs beside stores that can be opened.
public enum StoreTrial: Hashable, Sendable {
  /// Nothing else.
  case use
  /// Power that can be cut: a ``CrashingStoreFactory``.
  case powerCut
  /// A device that can fail: a ``FailingStoreFactory``.
  case failure
  /// Data that can be changed behind the stores' back: a ``DamagingStoreFactory``.
  case damage

  /// Whether stores of this factory can be put to the trial.
  func suits(_ factory: some StoreFactory) -> Bool {
    switch self {
    case .use: true
    case .powerCut: factory is any CrashingStoreFactory
    case .failure: factory is any FailingStoreFactory
    case .damage: factory is any DamagingStoreFactory
    }
  }
}

/// What a case may do to a place from outside, as far as the factory can.
struct StoreDevice: Sendable {
  /// What a power cut leaves, by its seed.
  var cut: (@Sendable (UInt64) throws -> StoreRemains)?
  /// Lets the device fail, or work again.
  var setBroken: (@Sendable (Bool) -> Void)?
  /// Changes bytes in copies of the place.
  var damage: StoreDamage?

  /// The device of a place.
  init<Factory: StoreFactory>(of place: Factory.Place, made by: Factory) {
    self.cut = (by as? any CrashingStoreFactory)?.cutter(of: place)
    self.setBroken = (by as? any FailingStoreFactory)?.breaker(of: place)
    self.damage = (by as? any DamagingStoreFactory)?.damage(of: place)
  }
}

/// What a power cut left of a place.
struct StoreRemains: Sendable {
  let open: @Sendable () async throws -> StorePair
  let remove: @Sendable () async throws -> Void
}

extension CrashingStoreFactory {
  fileprivate func cutter(
    of place: any Sendable
  ) -> (@Sendable (UInt64) throws -> StoreRemains)? {
    guard let place = place as? Place else { return nil }
    return { seed in
      let left = try self.remains(of: place, seed: seed)
      return StoreRemains(
        open: { try await self.openStores(at: left) },
        remove: { try await self.removePlace(left) })
    }
  }
}

extension FailingStoreFactory {
  fileprivate func breaker(of place: any Sendable) -> (@Sendable (Bool) -> Void)? {
    guard let place = place as? Place else { return nil }
    return { isBroken in
      if isBroken { self.breakDevice(of: place) } else { self.repairDevice(of: place) }
    }
  }
}
