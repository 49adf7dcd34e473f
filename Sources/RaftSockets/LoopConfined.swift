/// A value that only one loop's thread may touch, in an envelope that may travel between threads.
///
/// Opening the envelope anywhere else stops the process: the compiler cannot see which thread a
/// callback runs on, so the check is made at run time, on every opening.
package struct LoopConfined<Value>: @unchecked Sendable {
  /// The loop whose thread may open the envelope.
  package let loop: EventLoop
  private let value: Value

  /// Hands `value` over to `loop`; the caller keeps no use of it outside the loop's thread.
  package init(_ value: Value, to loop: EventLoop) {
    self.value = value
    self.loop = loop
  }

  /// The value; to be read on the loop's thread.
  package var onLoop: Value {
    self.loop.preconditionCurrent()
    return self.value
  }
}

/// Something that lives on a loop and must hear when the loop ends.
package protocol LoopResident: AnyObject {
  /// Ends the resident's work with `SocketError.loopStopped`; no event comes any more.
  func loopIsStopping()
}
