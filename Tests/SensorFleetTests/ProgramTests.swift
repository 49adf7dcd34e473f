import Glibc
import RaftCommandLine
import RaftHTTP
import TestPace
import Testing

@testable import sensor_fleet

@Suite("sensor-fleet as a process", .realTime, .serialized, .timeLimit(.minutes(5)))
struct ProgramTests {
  /// Where the program lies: beside the tests that are built together with it.
  private static func path() throws -> String {
    let own = try OwnProgram.path()
    return "/" + own.split(separator: "/").dropLast().joined(separator: "/") + "/sensor-fleet"
  }

  /// Lends a folder, and a rig of processes in it; nothing is left.
  private static func withRig(_ body: (FleetRig, String) async throws -> Void) async throws {
    let folder = try TemporaryFolder(prefix: "sensor-fleet-tests-")
    defer { folder.remove() }
    let loop = try EventLoop.start(named: "test-fleet")
    let http = HTTPClient(on: loop)
    let rig = FleetRig(
      program: try Self.path(), folder: folder.path, arguments: [], http: http,
      timeline: Timeline { _ in })
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(rig, folder.path))
    } catch {
      result = .failure(error)
    }
    await rig.killAll()
    await http.close()
    await loop.shutdown()
    try result.get()
  }

  private static func send(
    _ method: HTTPMethod, _ target: String, _ text: String = "", to server: FleetProcess,
    _ rig: FleetRig
  ) async throws -> HTTPResponse {
    try await rig.http.send(
      HTTPRequest(method, target, body: Array(text.utf8)), to: server.api,
      within: .seconds(20).patient)
  }

  @Test("Any server takes readings and answers questions; what is wrong is named, the rest goes on")
  func requests() async throws {
    try await Self.withRig { rig, _ in
      try await rig.form(servers: 3, shards: 6, replicas: 2, inMotion: 4)
      let text = "a t=1,h=2 1000\nb t=x 1000\nc t=3 1000\nd t=1 99999999999999\n"
      for server in rig.all {
        let response = try await Self.send(.post, "/ingest", text, to: server, rig)
        #expect(response.status == .ok)
        #expect(response.text.hasPrefix(#"{"acknowledged":2,"rejected":[{"row":2,"field":"t","#))
        #expect(response.text.contains(#"{"row":4,"field":"time","#))
      }
      for server in rig.all {
        let response = try await Self.send(
          .get, "/query?device=a&from=0&to=2000", to: server, rig)
        #expect(response.text == #"{"device":"a","values":{"h":[[1000,2.0]],"t":[[1000,1.0]]}}"#)
      }
      for (target, status, words) in [
        ("/query?device=nobody&from=0&to=2000", .notFound, "device: there is no reading of"),
        ("/query?device=a", .badRequest, "from: it is missing"),
        ("/nothing", .notFound, "not found"),
      ] as [(String, HTTPStatus, String)] {
        let response = try await Self.send(.get, target, to: rig.all[1], rig)
        #expect(response.status == status)
        #expect(response.text.hasPrefix(words))
      }
      for (target, body) in [
        ("/replicate", "x"), ("/shard/ingest?shard=99", "x"), ("/shard/ingest?shard=0", "x"),
        ("/leader/propose", "{}"), ("/found", "{"), ("/leave", ""), ("/leader/renew", ""),
      ] {
        let response = try await Self.send(.post, target, body, to: rig.all[0], rig)
        #expect(response.status == .badRequest, "\(target): \(response.text)")
      }
      let again = try await rig.client.ask(
        .post, "/found", FoundVerb.request(shards: 6, replicas: 2, inMotion: 4))
      #expect(again.text.contains("the fleet has its shards already"))
      let page = try await Self.send(.get, "/", to: rig.all[2], rig)
      #expect(page.text.contains("<title>sensor-fleet"))
      try await rig.stopAll()
    }
  }

  @Test("What was acknowledged survives that all servers are killed at once")
  func powerCut() async throws {
    try await Self.withRig { rig, _ in
      try await rig.form(servers: 3, shards: 4, replicas: 3, inMotion: 4)
      let ledger = FleetLedger()
      let source = ReadingSource(seed: 5, devices: 20, batch: 10)
      for _ in 0..<40 {
        let batch = try #require(source.next())
        #expect(try await rig.client.store(batch).missing.isEmpty)
        ledger.note(batch)
      }
      await rig.killAll()
      for server in rig.all { try await server.restart() }
      rig.refreshClient()
      try await rig.settle("all to be in sync again")
      let verification = FleetVerification(rig: rig, ledger: ledger)
      try await verification.run()
      try await verification.compareHistories()
    }
  }

  @Test("A folder of another server is refused; so is a second process in one folder")
  func folders() async throws {
    try await Self.withRig { rig, folder in
      let first = try await rig.start(1)
      let words = { (id: Int, data: String) in
        [
          "serve", "--id", "\(id)", "--api-addr", "127.0.0.1:0", "--raft-addr", "127.0.0.1:0",
          "--data", data,
        ]
      }
      for (id, problem) in [(2, "belongs to server 1, not 2"), (1, "cannot be used")] {
        let errors = "\(folder)/errors-\(id)"
        let child = try await ChildProcess.start(
          try Self.path(), words(id, "\(folder)/server-1"), standardError: errors)
        #expect(await child.end(within: .seconds(20).patient) == .exited(2))
        let text = String(decoding: FileContent.bytes(of: errors) ?? [], as: UTF8.self)
        #expect(text.contains(problem), "\(text)")
      }
      try await first.stop()
    }
  }

  @Test("A folder of another fleet is refused by the one that it is sent to")
  func otherFleet() async throws {
    try await Self.withRig { rig, folder in
      try await rig.form(servers: 1, shards: 1, replicas: 1, inMotion: 1)
      let own = rig.all[0]
      try await Self.withRig { other, _ in
        try await other.form(servers: 1, shards: 1, replicas: 1, inMotion: 1)
        let identity = "\(folder)/server-1/IDENTITY"
        try await rig.wait(for: "the folder to name its fleet") {
          FileContent.bytes(of: identity).map { String(decoding: $0, as: UTF8.self) }?
            .contains("\"fleet\":\"\"") == false
        }
        try await own.stop()
        let errors = "\(folder)/errors"
        let child = try await ChildProcess.start(
          try Self.path(),
          [
            "serve", "--id", "1", "--api-addr", "127.0.0.1:0", "--raft-addr", "127.0.0.1:0",
            "--data", "\(folder)/server-1", "--join", "\(other.all[0].api)",
          ], standardError: errors)
        #expect(await child.end(within: .seconds(20).patient) == .exited(2))
        let text = String(decoding: FileContent.bytes(of: errors) ?? [], as: UTF8.self)
        #expect(text.contains("belongs to the fleet"), "\(text)")
      }
    }
  }

  /// A browser, where there is one.
  private static let browser: String? = {
    let paths: [String] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    return paths.first { access($0, X_OK) == 0 }
  }()

  @Test("A browser shows the servers, the shards and their changes", .enabled(if: browser != nil))
  func page() async throws {
    try await Self.withRig { rig, folder in
      try await rig.form(servers: 2, shards: 3, replicas: 2, inMotion: 4)
      let child = try await ChildProcess.start(
        try #require(Self.browser),
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2500",
          "--user-data-dir=\(folder)/browser", "--dump-dom", "http://\(rig.all[1].api)/",
        ], standardError: "\(folder)/browser-errors")
      let ending = await child.end(within: .seconds(40).patient)
      if ending == nil { child.signal(SIGKILL) }
      #expect(ending == .exited(0))
      let page = child.output
      for server in rig.all { #expect(page.contains(">\(server.api)</td>")) }
      #expect(page.contains("leader\">leader</td>"))
      #expect(page.contains("follower\">follower</td>"))
      for shard in 0..<3 { #expect(page.contains("<b>shard \(shard)</b><small> epoch 1</small>")) }
      #expect(page.contains("shard 2 epoch 1: "))
      #expect(page.contains("<span id=\"trouble\" class=\"gone\"></span>"))
    }
  }

  @Test("The demonstration loses servers and no reading, and leaves nothing behind")
  func demo() async throws {
    let folder = try TemporaryFolder(prefix: "sensor-fleet-tests-")
    defer { folder.remove() }
    let errors = "\(folder.path)/errors"
    let child = try await ChildProcess.start(
      try Self.path(), ["demo", "--seed", "7"], standardError: errors)
    let ending = await child.end(within: .seconds(90).patient)
    if ending == nil { child.signal(SIGTERM) }
    let words = String(decoding: FileContent.bytes(of: errors) ?? [], as: UTF8.self)
    #expect(ending == .exited(0), "\(child.output)\n\(words)")
    #expect(child.output.contains("no acknowledged reading was lost"))
    #expect(child.output.contains("the history of the epochs:\nlog "))
  }
}

@Suite("The words of sensor-fleet")
struct InvocationTests {
  @Test("Each verb's help names all its options and gives an example", arguments: Verb.allCases)
  func help(verb: Verb) {
    #expect(verb.help.contains("Usage: sensor-fleet \(verb.rawValue)"))
    for option in verb.guide.options { #expect(verb.help.contains("  --\(option.name)")) }
    for line in verb.help.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(Guide.overview.contains(verb.guide.summary))
  }

  @Test(
    "What makes no sense is refused with what was expected",
    arguments: [
      ("sevre", "unknown verb 'sevre'; did you mean 'serve'?"),
      ("serve", "--id is missing"),
      ("serve --id x", "--id must be a number, not 'x'"),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --data d --found --join a:3",
        "--found makes a new cluster, --join enters one: choose"
      ),
      ("found --replicas 0", "--replicas must be a number from 1 to 9, not '0'"),
      ("leave x", "ID must be a number, not 'x'"),
      ("query d --from 1", "--to is missing"),
      ("bench --servers 2 --replicas 3", "--replicas 3 needs as many --servers"),
      ("ingest", "FILE.csv is missing"),
    ])
  func refusals(line: String, problem: String) {
    let error = #expect(throws: UsageError.self) {
      try Invocation(line.split(separator: " ").map(String.init))
    }
    #expect(error?.problem == problem)
  }
}
