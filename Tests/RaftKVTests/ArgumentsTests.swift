import Raft
import RaftCommandLine
import RaftFileStore
import RaftHTTP
import Testing

@testable import raft_kv

@Suite("The command line")
struct ArgumentsTests {
  private func options(_ line: String) throws -> ServeOptions? {
    guard case .serve(let options) = try Invocation(Self.words(line)) else { return nil }
    return options
  }

  private static func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  @Test("A server takes its number and its two addresses, and has the timings of the example")
  func serve() throws {
    let options = try #require(
      try self.options("serve --id 7 --api-addr 127.0.0.1:21001 --raft-addr=localhost:0"))
    #expect(options.id == 7)
    #expect(options.apiAddress == .loopback(port: 21001))
    #expect(options.raftAddress.description == "localhost:0")
    #expect(options.data == nil)
    #expect(options.parent == nil)
    #expect(options.configuration.heartbeatInterval == .milliseconds(500))
    #expect(options.configuration.electionTimeoutMin == .milliseconds(1500))
    #expect(options.configuration.electionTimeoutMax == .milliseconds(3000))
    #expect(options.configuration.snapshotAfter == 5000)
  }

  @Test("A server is a replica unless it is told to be a witness, and so is one that joins")
  func roles() throws {
    let line = "serve --id 1 --api-addr a:1 --raft-addr a:2"
    #expect(try self.options(line)?.configuration.role == .replica)
    #expect(try self.options("\(line) --role replica")?.configuration.role == .replica)
    #expect(try self.options("\(line) --role witness")?.configuration.role == .witness)
    for (rest, role) in [("", Member.Role.replica), (" --role witness", .witness)] {
      guard case .join(3, _, _, let found, _) = try Invocation(Self.words("join 3 a:1 a:2\(rest)"))
      else {
        Issue.record("no join")
        return
      }
      #expect(found == role)
    }
  }

  @Test("A server takes a folder, timings, and how often it makes a snapshot")
  func serveOptions() throws {
    let options = try #require(
      try self.options(
        """
        serve --id 1 --api-addr a:1 --raft-addr a:2 --data d --store file --parent 12 \
        --heartbeat-interval 20 --election-timeout-min 100 --election-timeout-max 200 \
        --snapshot-after 0
        """))
    #expect(options.data == "d")
    #expect(options.parent == 12)
    #expect(options.configuration.heartbeatInterval == .milliseconds(20))
    #expect(options.configuration.electionTimeoutMin == .milliseconds(100))
    #expect(options.configuration.electionTimeoutMax == .milliseconds(200))
    #expect(options.configuration.snapshotAfter == nil)
  }

  @Test("A server takes how its files are used, and who lets it in again after damage")
  func files() throws {
    let line = "serve --id 1 --api-addr a:1 --raft-addr a:2"
    let usual = try #require(try self.options("\(line) --data d"))
    #expect(usual.rebuildFrom.isEmpty)
    #expect(usual.files.segmentSize == 48 << 20)
    #expect(usual.files.reserveSize == 8 << 20)
    #expect(usual.files.scrubRate == 1 << 20)
    #expect(usual.snapshotRate == nil)
    let options = try #require(
      try self.options(
        "\(line) --data d --segment-size 16k --reserve-size 2m --scrub-rate 0 "
          + "--rebuild-from b:1,c:2 --snapshot-rate 5m"))
    #expect(options.snapshotRate == 5_000_000)
    #expect(options.files.segmentSize == 16_000)
    #expect(options.files.reserveSize == 2_000_000)
    #expect(options.files.scrubRate == nil)
    #expect(options.rebuildFrom.map { "\($0)" } == ["b:1", "c:2"])
    let error = try #require(throws: UsageError.self) {
      try Invocation(Self.words("\(line) --rebuild-from b:1"))
    }
    #expect(
      error.problem == "--rebuild-from is about a folder with files: give one with --data DIR")
  }

  @Test("With a map on the disk nothing is applied where the protocol would wait for it")
  func rocksDB() throws {
    let options = try #require(
      try self.options("serve --id 1 --api-addr a:1 --raft-addr a:2 --data d --store rocksdb"))
    #expect(options.store == .rocksdb)
    #expect(options.configuration.inlineApplyEntriesMax == 0)
    let files = try #require(
      try self.options("serve --id 1 --api-addr a:1 --raft-addr a:2 --data d"))
    #expect(files.store == .file)
    #expect(files.configuration.inlineApplyEntriesMax > 0)
  }

  @Test("The last steps are recorded beside the data, in a named file, or in memory alone")
  func flightRecording() throws {
    func file(_ rest: String) throws -> String? {
      try self.options("serve --id 1 --api-addr a:1 --raft-addr a:2 \(rest)")?.configuration
        .flightRecording
    }
    #expect(try file("") == nil)
    #expect(try file("--data d") == "d/flight-recording")
    #expect(try file("--data d --flight-recording none") == nil)
    #expect(try file("--flight-recording /dev/shm/n1") == "/dev/shm/n1")
    #expect(throws: UsageError.self) { try file("--flight-recording=") }
  }

  @Test("Clients take several addresses, a time and a format")
  func client() throws {
    let line = "put k v --cluster 127.0.0.1:1,127.0.0.1:2 --timeout 3 --format json"
    guard case .put("k", "v", let options) = try Invocation(Self.words(line)) else {
      Issue.record("not understood as put")
      return
    }
    #expect(options.cluster == [.loopback(port: 1), .loopback(port: 2)])
    #expect(options.timeout == .seconds(3))
    #expect(options.format == .json)
  }

  @Test("Behind two dashes, everything is an operand")
  func operands() throws {
    guard case .put("--a", "-b", _) = try Invocation(["put", "--", "--a", "-b"]) else {
      Issue.record("not understood as put")
      return
    }
    guard case .compareAndSet("k", 12, "", _) = try Invocation(["cas", "k", "12", ""]) else {
      Issue.record("not understood as cas")
      return
    }
  }

  @Test(
    "Help is there for the program and for each verb",
    arguments: [
      (["help"], nil), (["--help"], nil), ([], nil), (["help", "load"], .load),
      (["put", "-h"], .put), (["serve", "--id", "1", "--help"], .serve),
      (["demo", "--help"], .demo),
    ] as [([String], Verb?)])
  func help(words: [String], topic: Verb?) throws {
    guard case .help(let verb) = try Invocation(words) else {
      Issue.record("not understood as help")
      return
    }
    #expect(verb == topic)
  }

  @Test("Each verb's help names all its options and gives an example", arguments: Verb.allCases)
  func helpTexts(verb: Verb) {
    let help = verb.help
    #expect(help.contains("Usage: raft-kv \(verb.rawValue)"))
    #expect(help.contains("Examples:\n"))
    for option in verb.guide.options { #expect(help.contains("  --\(option.name)")) }
    for line in help.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(Guide.overview.contains(verb.guide.summary))
  }

  @Test(
    "What makes no sense is refused with what was expected",
    arguments: [
      ("sevre", "unknown verb 'sevre'; did you mean 'serve'?"),
      ("--verbose", "unknown option '--verbose'"),
      ("get", "KEY is missing"),
      ("put k", "VALUE is missing"),
      ("get a b", "'b' is one word too many"),
      ("get k --clutser a:1", "unknown option --clutser; did you mean --cluster?"),
      (
        "get k --xyz",
        "unknown option --xyz; this verb knows --cluster, --timeout, --format"
      ),
      ("get k --cluster", "--cluster needs a value: --cluster ADDRS"),
      ("get k --cluster=", "--cluster names no server"),
      ("get k --timeout 0", "--timeout must be a number from 1 to 3600, not '0'"),
      ("get k --timeout 1 --timeout 2", "--timeout is given twice"),
      ("get k --format xml", "--format must be text or json, not 'xml'"),
      ("cas k one v", "EXPECTED_VERSION must be a number, not 'one'"),
      ("load p --concurrency 0", "--concurrency must be a number from 1 to 1024, not '0'"),
      ("demo --keep=yes", "--keep takes no value"),
      ("serve", "--id is missing"),
      (
        "serve --id -1 --api-addr a:1 --raft-addr a:2",
        "--id must be a number from 0 to 18446744073709551615, not '-1'"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:1",
        "--api-addr and --raft-addr must be two addresses"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr 0.0.0.0:2",
        "--raft-addr 0.0.0.0:2: give the address under which others reach this server"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --role arbiter",
        "--role must be replica or witness, not 'arbiter'"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --store file",
        "--store file needs a folder: --data DIR"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --store rocksdb",
        "--store rocksdb needs a folder: --data DIR"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --store memory --data d",
        "--store memory keeps nothing in a folder: leave out --data"
      ),
      (
        "serve --id 1 --api-addr a:1 --raft-addr a:2 --heartbeat-interval 1000",
        "--heartbeat-interval must be shorter than half of --election-timeout-min (1.5 seconds)"
      ),
    ])
  func refusals(line: String, problem: String) {
    let error = #expect(throws: UsageError.self) { try Invocation(Self.words(line)) }
    #expect(error?.problem == problem)
    #expect(error?.code == .usage)
    #expect(error?.text(of: "raft-kv").hasSuffix("--help'.") == true)
  }

  @Test(
    "An address that is none is a value that cannot be used, told in one line",
    arguments: ["serve --id 1 --api-addr 127.0.0.1 --raft-addr a:2", "get k --cluster :x"])
  func badAddress(line: String) {
    let error = #expect(throws: UsageError.self) { try Invocation(Self.words(line)) }
    #expect(error?.code == .unusable)
    #expect(error?.problem.contains("is no socket address") == true)
    #expect(error?.text(of: "raft-kv").contains("\n") == false)
  }
}
