/// A state machine whose commands take effect at once, without waiting for anything.
///
/// A node applies such commands where it learns that they are committed, instead of handing them to
/// another task: that is a good part of what a write costs when few are under way. So applying one
/// should take microseconds. What is not done within a millisecond, or is very many at once
/// (``Configuration/inlineApplyEntriesMax``), goes the way of every other machine, whose slowness
/// never holds up the protocol.
///
/// ```swift
/// struct Counter: SynchronousStateMachine {
///   var value = 0
///   mutating func apply(_ command: [UInt8], in context: ApplyContext) -> Int {
///     self.value += 1
///     return self.value
///   }
///   // … freeze and restore
/// }
/// ```
///
/// Make the node where the machine's type is known: generic code that knows it as a
/// ``StateMachine`` alone makes an ordinary node.
public protocol SynchronousStateMachine: StateMachine {
  /// Changes the state.
  ///
  /// Called one at a time, on any thread, as a rule by the node's core: it must not use the node.
  ///
  /// - Throws: any error stops this node before the entry counts as applied.
  mutating func apply(_ command: Command, in context: ApplyContext) throws -> Response
}
