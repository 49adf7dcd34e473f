import RaftConcurrency

/// Values of the application that go along with a node, one for each type.
///
/// Whoever has the node's handle has them too: counters, connections, a cache.
public final class Extensions: Sendable {
  private let values = Guarded<[ObjectIdentifier: any Sendable]>([:])

  init() {}

  /// The value of this type; `nil` for none.
  public subscript<Value: Sendable>(_ type: Value.Type) -> Value? {
    get { self.values.withLock { $0[ObjectIdentifier(type)] as? Value } }
    set { self.values.withLock { $0[ObjectIdentifier(type)] = newValue } }
  }

  /// The value of this type; the default, which is kept then, if there is none.
  ///
  /// Of several callers at once, all get the same value. The default is made under a lock: it must
  /// not use the extensions itself.
  public subscript<Value: Sendable>(
    _ type: Value.Type, default value: @autoclosure () -> Value
  ) -> Value {
    self.values.withLock { values in
      if let known = values[ObjectIdentifier(type)] as? Value { return known }
      let made = value()
      values[ObjectIdentifier(type)] = made
      return made
    }
  }
}

extension RaftNode {
  /// Values of the application that go along with this node.
  public var extensions: Extensions { self.core.extensions }
}
