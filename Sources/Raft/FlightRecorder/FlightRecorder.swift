import Synchronization

/// Keeps the last inputs of an engine, and what the engine was after each, in a ring.
///
/// The core writes a record in two halves: what the engine is told before the step, the state
/// after it. So a step that ends the process is in the recording, without an outcome. No payload
/// is recorded, nothing is allocated, and a step costs some tens of nanoseconds.
struct FlightRecorder {
  let mapping: FlightMapping
  // As long as the mapping, which is kept.
  nonisolated(unsafe) private let records: UnsafeMutablePointer<Atomic<UInt64>>
  private let capacity: Int
  private var sequence: UInt64
  private var slot: Int
  private var isClusterKnown = false

  /// Continues a recording whose last record has this number; 0 for a new one.
  ///
  /// The record that begins a life of the node comes first. `before` is what had to be added to a
  /// moment of the life before to get the wall-clock time.
  init(
    _ mapping: FlightMapping, header: FlightHeader, after sequence: UInt64, before: Int64?,
    engine: Engine
  ) {
    self.mapping = mapping
    self.capacity = mapping.capacity
    self.records = mapping.words + mapping.place(ofSlot: 0)
    self.sequence = sequence
    self.slot = Int(sequence % UInt64(mapping.capacity))
    header.write(to: mapping)
    var facts = FlightFacts(.started)
    facts.words[0] = header.startTime.nanoseconds
    facts.words[1] = UInt64(bitPattern: before ?? 0)
    facts.words[2] = header.incarnation.rawValue
    facts.setFlag(before != nil)
    self.begin(facts, at: header.startMoment)
    var engine = engine
    self.end(&engine)
  }

  /// The first word of the record that is being written.
  @inline(__always)
  private var record: UnsafeMutablePointer<Atomic<UInt64>> {
    self.records + self.slot * FlightLayout.recordWords
  }

  /// The engine is about to be told something.
  mutating func begin(_ input: borrowing Input, at moment: Instant) {
    self.begin(FlightFacts(of: input), at: moment)
  }

  private mutating func begin(_ facts: FlightFacts, at moment: Instant) {
    self.sequence += 1
    var half = Half(self.record, salt: FlightLayout.toldSalt)
    half.add(self.sequence)
    half.add(UInt64(bitPattern: moment.nanoseconds))
    half.add(facts.head)
    half.add(facts.peer)
    for number in 0..<FlightFacts.wordCount { half.add(facts.words[number]) }
    half.seal()
  }

  /// The engine has taken note, and is what it is now.
  mutating func end(_ engine: inout Engine) {
    var half = Half(
      self.record + FlightLayout.Record.role, salt: FlightLayout.stateSalt &+ self.sequence)
    let (state, hasLeader) = engine.standing()
    half.add(
      UInt64(state.rawValue) | (engine.vote.isCommitted ? 1 << 8 : 0) | (hasLeader ? 1 << 9 : 0)
        | engine.commands.summary.rawValue << 16)
    half.add(engine.vote.leader.term.rawValue)
    half.add(engine.vote.leader.node.rawValue)
    half.add((engine.io.durable?.rawValue).map { $0 &+ 1 } ?? 0)
    half.add(engine.log.last)
    half.add(engine.committed)
    half.add(engine.applied)
    half.add(engine.log.purged)
    half.add(engine.membership.effective.logID)
    half.add((engine.snapshot?.index.rawValue).map { $0 &+ 1 } ?? 0)
    half.seal()
    self.slot = self.slot + 1 == self.capacity ? 0 : self.slot + 1
    if !self.isClusterKnown, let cluster = engine.cluster {
      FlightHeader.write(cluster, to: self.mapping)
      self.isClusterKnown = true
    }
  }

  /// One half of a record while it is written.
  ///
  /// It goes by the words alone: no reference to the mapping is counted.
  private struct Half {
    private var next: UnsafeMutablePointer<Atomic<UInt64>>
    private var check: FlightLayout.Check

    @inline(__always)
    init(_ first: UnsafeMutablePointer<Atomic<UInt64>>, salt: UInt64) {
      self.next = first
      self.check = FlightLayout.Check(salt: salt)
    }

    @inline(__always)
    mutating func add(_ word: UInt64) {
      self.next.pointee.store(word.littleEndian, ordering: .relaxed)
      self.check.add(word)
      self.next += 1
    }

    @inline(__always)
    mutating func add(_ logID: LogID?) {
      self.add(logID?.leader.term.rawValue ?? 0)
      self.add(logID?.leader.node.rawValue ?? 0)
      self.add((logID?.index.rawValue).map { $0 &+ 1 } ?? 0)
    }

    /// Stores the word that vouches for those before it.
    @inline(__always)
    mutating func seal() {
      self.next.pointee.store(self.check.sum.littleEndian, ordering: .releasing)
    }
  }
}
