import Raft
import RaftJSON
import RaftMemoryStore
import Testing

@testable import raft_kv

@Suite("The replicated map")
struct MachineTests {
  private func context(_ index: UInt64) -> ApplyContext {
    ApplyContext(logID: LogID(term: 1, node: 1, index: LogIndex(index)), timestamp: .epoch)
  }

  @Test("A set writes the value, with the entry's index as its version")
  func set() {
    var machine = KVMachine()
    let receipt = machine.apply(.set(key: Key("a"), value: "x"), in: self.context(7))
    #expect(receipt.logID == self.context(7).logID)
    #expect(receipt.response.value == VersionedValue(value: "x", version: 7))
    #expect(machine.read(Key("a")).value == VersionedValue(value: "x", version: 7))
    #expect(machine.read(Key("b")).value == nil)
  }

  @Test("A compare-and-set writes only over the version that it names")
  func compareAndSet() {
    var machine = KVMachine()
    func swap(_ expected: UInt64, _ value: String, at index: UInt64) -> VersionedValue? {
      machine.apply(
        .compareAndSet(key: Key("a"), expectedVersion: expected, value: value),
        in: self.context(index)
      ).response.value
    }
    #expect(swap(0, "absent", at: 1) == nil)
    #expect(machine.read(Key("a")).value == nil)
    _ = machine.apply(.set(key: Key("a"), value: "x"), in: self.context(2))
    #expect(swap(1, "late", at: 3) == nil)
    #expect(machine.read(Key("a")).value == VersionedValue(value: "x", version: 2))
    #expect(swap(2, "y", at: 4) == VersionedValue(value: "y", version: 4))
    #expect(machine.read(Key("a")).value == VersionedValue(value: "y", version: 4))
  }

  @Test("Equal maps have equal digests, whatever was in them before; other maps have others")
  func digests() async throws {
    var one = KVMachine()
    let empty = one.digest
    _ = one.apply(.set(key: Key("a"), value: "x"), in: self.context(1))
    _ = one.apply(.set(key: Key("b"), value: "y"), in: self.context(2))
    let first = one.digest
    _ = one.apply(.set(key: Key("a"), value: "z"), in: self.context(3))
    #expect(Set([empty, first, one.digest]).count == 3)
    var other = KVMachine()
    _ = other.apply(.set(key: Key("b"), value: "y"), in: self.context(2))
    _ = other.apply(.set(key: Key("a"), value: "z"), in: self.context(3))
    #expect(one.digest == other.digest)
    // A compare-and-set that changes nothing changes no digest either.
    _ = other.apply(
      .compareAndSet(key: Key("a"), expectedVersion: 1, value: "w"), in: self.context(4))
    #expect(one.digest == other.digest)
    #expect(
      MapFingerprint(of: [Key("ab"): VersionedValue(value: "c", version: 1)])
        != MapFingerprint(of: [Key("a"): VersionedValue(value: "bc", version: 1)]))
    #expect(MapFingerprint(of: one.values).value == one.digest)
  }

  @Test("Two encodings of one letter are two keys")
  func keysAreBytes() {
    var machine = KVMachine()
    _ = machine.apply(.set(key: Key("\u{E9}"), value: "one"), in: self.context(1))
    _ = machine.apply(.set(key: Key("e\u{301}"), value: "two"), in: self.context(2))
    #expect(machine.values.count == 2)
    #expect(machine.read(Key("\u{E9}")).value?.value == "one")
  }

  @Test(
    "Commands stand in the log as compact JSON",
    arguments: [
      (#" { "Set" : {"value":"bar","key":"foo"} } "#, #"{"Set":{"key":"foo","value":"bar"}}"#),
      (
        #"{"CompareAndSet":{"key":"foo","expected_version":3,"value":"x\u0041"}}"#,
        #"{"CompareAndSet":{"key":"foo","expected_version":3,"value":"xA"}}"#
      ),
    ])
  func commandText(written: String, canonical: String) throws {
    let command = try KVCommand(parsing: Array(written.utf8))
    #expect(String(decoding: command.bytes, as: UTF8.self) == canonical)
  }

  @Test(
    "What is no command is refused with its place",
    arguments: [
      (
        #"{"Get":{"key":"a"}}"#,
        #"at $ (byte 0): expected "Set" or "CompareAndSet", found an object"#
      ),
      (
        #"{"Set":{"key":"a"}}"#,
        #"at $.Set (byte 7): expected a member "value", found an object without it"#
      ),
      (
        #"{"Set":{"key":1,"value":""}}"#,
        "at $.Set.key (byte 14): expected a string, found number 1"
      ),
      (#"[]"#, "at $ (byte 0): expected an object, found an array"),
    ])
  func badCommands(text: String, problem: String) {
    let error = #expect(throws: JSONError.self) { try KVCommand(parsing: Array(text.utf8)) }
    #expect(error?.description == problem)
  }

  @Test("A snapshot shows the moment at which the map was frozen", arguments: [0, 1, 256, 1000])
  func snapshot(count: Int) async throws {
    var machine = KVMachine()
    for number in 0..<count {
      _ = machine.apply(
        .set(key: Key("key \"\(number)\""), value: "value\n\(number)"),
        in: self.context(UInt64(number)))
    }
    let frozen = machine.freeze()
    let before = machine.values
    _ = machine.apply(.set(key: Key("later"), value: ""), in: self.context(5000))

    let store = MemorySnapshotStore()
    let writer = try await store.begin(
      SnapshotMeta(lastLogID: self.context(4999).logID, membership: .none))
    try await frozen.write(to: SnapshotSink(writer))
    let stored = try await writer.commit()
    var copy = KVMachine()
    _ = copy.apply(.set(key: Key("gone"), value: ""), in: self.context(1))
    try await copy.restore(from: stored.meta, reading: try await stored.read())
    #expect(copy.values == before)
  }

  @Test("Equal maps have equal snapshots, sorted by key")
  func snapshotText() async throws {
    var machine = KVMachine()
    _ = machine.apply(.set(key: Key("b"), value: "2"), in: self.context(1))
    _ = machine.apply(.set(key: Key("a"), value: "1"), in: self.context(2))
    let store = MemorySnapshotStore()
    let writer = try await store.begin(
      SnapshotMeta(lastLogID: self.context(2).logID, membership: .none))
    try await machine.freeze().write(to: SnapshotSink(writer))
    let content = try await writer.commit().read()
    var bytes: [UInt8] = []
    while let piece = try await content.next() { bytes += piece }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"a":{"value":"1","version":2},"b":{"value":"2","version":1}}"#)
  }
}
