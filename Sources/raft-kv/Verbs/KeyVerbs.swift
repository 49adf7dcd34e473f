import Raft
import RaftCommandLine
import RaftJSON

/// The verbs about one key.
struct KeyVerbs {
  let client: KVClient
  let format: ClientOptions.Format

  /// Puts the value, whatever is there.
  func put(_ key: String, _ value: String) async throws(ClientError) -> Report {
    let receipt = try await self.client.write(.set(key: Key(key), value: value))
    var report = self.report(key, receipt.value, isRepeated: receipt.isRepeated) { _, version in
      "\(key) is put (version \(version))\n"
    }
    if receipt.isRepeated {
      report.note = """
        the outcome of an attempt was unknown, so the value was put again; if somebody else wrote \
        this key meanwhile, that value was replaced
        """
    }
    return report
  }

  /// Prints the value as it is now.
  func get(_ key: String) async throws(ClientError) -> Report {
    let value = try await self.client.read(Key(key))
    var report = self.report(key, value) { value, _ in "\(value)\n" }
    if value == nil {
      report.note = "there is no key '\(key)'"
      report.code = .noMatch
    }
    return report
  }

  /// Puts the value if the key has this version.
  func compareAndSet(
    _ key: String, _ expectedVersion: UInt64, _ value: String
  ) async throws(ClientError) -> Report {
    let receipt = try await self.client.write(
      .compareAndSet(key: Key(key), expectedVersion: expectedVersion, value: value))
    var report = self.report(key, receipt.value) { _, version in
      "\(key) is put (version \(version))\n"
    }
    if receipt.value == nil {
      report.note = "'\(key)' does not have version \(expectedVersion); nothing was changed"
      report.code = .noMatch
    }
    return report
  }

  private func report(
    _ key: String, _ value: VersionedValue?, isRepeated: Bool? = nil,
    text: (String, UInt64) -> String
  ) -> Report {
    switch self.format {
    case .text:
      return Report(output: value.map { text($0.value, $0.version) } ?? "")
    case .json:
      var object: JSONObject = ["key": .string(key)]
      object["value"] = value.map { .string($0.value) } ?? .null
      object["version"] = value.map { .number(JSONNumber($0.version)) } ?? .null
      if let isRepeated { object["repeated"] = .bool(isRepeated) }
      return Report(output: JSON.object(object).text() + "\n")
    }
  }
}
