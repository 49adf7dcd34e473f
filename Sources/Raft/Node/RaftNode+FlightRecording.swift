extension RaftNode {
  /// What this node's engine was told last, and what it was after each step, as the bytes of a
  /// recording that `raft-sim replay FILE` shows.
  ///
  /// May be called at any time after ``run()`` has read the stores, also when the node has
  /// stopped; the node goes on meanwhile. It takes some tens of milliseconds on the calling
  /// thread. No payload is in it.
  ///
  /// - Throws: ``FlightRecorderError`` if there is nothing.
  public func flightRecording() throws(FlightRecorderError) -> [UInt8] {
    try self.core.flightRecording()
  }

  /// Writes ``flightRecording()`` to a file, in the place of one that is there.
  ///
  /// - Throws: ``FlightRecorderError`` if there is nothing, or the file cannot be written.
  public func writeFlightRecording(to path: String) throws(FlightRecorderError) {
    try self.core.writeFlightRecording(to: path)
  }
}
