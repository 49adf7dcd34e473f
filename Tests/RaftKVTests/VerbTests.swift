import Glibc
import Raft
import RaftCommandLine
import RaftHTTP
import RaftJSON
import TestPace
import Testing

@testable import raft_kv

@Suite("The verbs of the client", .realTime, .timeLimit(.minutes(5)))
struct VerbTests {
  @Test("put, get and cas print for people or for programs, and say how it went by their status")
  func keys() async throws {
    try await ServerUnderTest.with([1]) { servers in
      try await ServerUnderTest.formCluster(servers)
      let client = KVClient([servers[0].api], http: servers[0].http, patience: .ample)
      let text = KeyVerbs(client: client, format: .text)
      let json = KeyVerbs(client: client, format: .json)
      let put = try await text.put("a", "x y")
      let version = try #require(try await client.read(Key("a"))).version
      #expect(put == Report(output: "a is put (version \(version))\n"))
      #expect(try await text.get("a") == Report(output: "x y\n"))
      #expect(
        try await json.get("a")
          == Report(output: #"{"key":"a","value":"x y","version":\#(version)}"# + "\n"))
      #expect(
        try await text.get("b") == Report(note: "there is no key 'b'", code: .noMatch))
      #expect(
        try await json.get("b")
          == Report(
            output: #"{"key":"b","value":null,"version":null}"# + "\n",
            note: "there is no key 'b'", code: .noMatch))
      #expect(
        try await text.compareAndSet("a", 0, "z")
          == Report(note: "'a' does not have version 0; nothing was changed", code: .noMatch))
      #expect(
        try await text.compareAndSet("a", version, "z")
          == Report(output: "a is put (version \(version + 2))\n"))
      #expect(
        try await json.put("a", "z")
          == Report(
            output: #"{"key":"a","value":"z","version":\#(version + 3),"repeated":false}"# + "\n"))
    }
  }

  @Test("A repeated put says that it was repeated")
  func repeatedPut() async throws {
    let script: [HTTPResponse] = [
      .text("", .serviceUnavailable),
      .json(
        """
        {"Ok":{"log_id":{"leader_id":{"term":3,"node_id":1},"index":9},\
        "data":{"value":{"value":"x","version":9}},"membership":null}}
        """),
    ]
    try await ScriptedServer.with([script]) { _, _, client in
      let report = try await KeyVerbs(client: client, format: .json).put("a", "x")
      #expect(report.output == #"{"key":"a","value":"x","version":9,"repeated":true}"# + "\n")
      #expect(report.note?.hasPrefix("the outcome of an attempt was unknown") == true)
      #expect(report.code == .done)
    }
  }

  @Test("status shows all servers that one of them knows, and fails if one is silent")
  func status() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      _ = try await servers[1].await(#""current_leader":1"#, in: "/metrics")
      let client = KVClient([servers[1].api], http: servers[0].http, patience: .ample)
      let clock = ContinuousClock()
      let start = clock.now
      var healthy = await StatusVerb(client: client, format: .text).status()
      // On a busy machine a leader may be without its followers' word for a moment.
      while healthy.code != .done, clock.now - start < .seconds(60).patient {
        healthy = await StatusVerb(client: client, format: .text).status()
      }
      #expect(healthy.code == .done)
      let lines = healthy.output.split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[0].hasPrefix("NODE  API"))
      #expect(lines[0].hasSuffix("SNAPSHOT  LAG"))
      #expect(lines[1].hasPrefix("1     \(servers[0].api)"))
      #expect(lines[1].contains("  leader    "))
      #expect(lines[1].hasSuffix("  0"))
      #expect(lines[4] == "leader 1, term 1, voters [1,2,3]")

      servers[2].end()
      let deadline = clock.now.advanced(by: .seconds(10).patient)
      var report = healthy
      while report.code == .done, clock.now < deadline {
        report = await StatusVerb(client: client, format: .json).status()
      }
      #expect(report.code == .failed)
      let root = try JSONDocument(report.output).root
      #expect(try root["leader"].uint64() == 1)
      #expect(try root["nodes"][0]["metrics"]["state"].string() == "Leader")
      #expect(try root["nodes"].elements().map { $0 }.count == 3)
    }
  }

  @Test("A witness joins, is shown as one, gives no values, and keeps the cluster writable")
  func witness() async throws {
    try await ServerUnderTest.with([1, 2, 3], witnesses: [3]) { servers in
      try await ServerUnderTest.formCluster(Array(servers.prefix(2)))
      let client = KVClient([servers[0].api], http: servers[0].http, patience: .ample)
      let verbs = KeyVerbs(client: client, format: .text)
      #expect(try await verbs.put("colour", "blue").code == .done)
      let third = servers[2].announcement
      await #expect(throws: ClientError.self) {
        try await client.join(1, api: servers[0].api, raft: third.raftAddress, as: .witness)
      }
      try await client.join(3, api: third.apiAddress, raft: third.raftAddress, as: .witness)
      _ = try await servers[2].await(#""current_leader":1"#, in: "/metrics")
      // The news of its vote may come a little after that of its leader.
      _ = try await servers[2].await(#""state":"Follower""#, in: "/metrics")
      let status = await StatusVerb(client: client, format: .text).status()
      let lines = status.output.split(separator: "\n")
      #expect(lines.count == 5 && lines[2].contains("  follower           "))
      #expect(lines[3].contains("  follower, witness  "))
      #expect(try await servers[2].text("/metrics").contains(#""role":"Witness""#))
      #expect(try await servers[2].text("/read", #""colour""#).contains(#"{"Err":{"Witness":"#))
      servers[1].end()
      #expect(try await verbs.put("colour", "green").code == .done)
      #expect(try await verbs.get("colour").output == "green\n")
    }
  }

  @Test("load puts every line, and tells how many")
  func load() async throws {
    let folder = try TemporaryFolder(prefix: "raft-kv-tests-")
    defer { folder.remove() }
    let file = try #require(fopen("\(folder.path)/numbers.txt", "w"))
    for number in 1...200 { fputs("number \(number)\n", file) }
    fclose(file)
    try await ServerUnderTest.with([1]) { servers in
      try await ServerUnderTest.formCluster(servers)
      let client = KVClient([servers[0].api], http: servers[0].http, patience: .ample)
      let verb = LoadVerb(client: client, format: .json, concurrency: 8)
      let report = try await verb.load("\(folder.path)/numbers.txt")
      let json = try JSONDocument(report.output).root
      #expect(try json["lines"].int() == 200)
      #expect(try json["files"].int() == 1)
      #expect(try json["repeated"].int() == 0)
      #expect(try await client.read(Key("numbers.txt:1"))?.value == "number 1")
      #expect(try await client.read(Key("numbers.txt:200"))?.value == "number 200")
    }
  }
}
