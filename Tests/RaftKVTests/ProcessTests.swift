import Glibc
import RaftCommandLine
import RaftHTTP
import RaftJSON
import TestPace
import Testing

@testable import raft_kv

@Suite("The program as a process", .realTime, .timeLimit(.minutes(5)))
struct ProcessTests {
  private static func serve(_ id: Int, _ others: String...) -> [String] {
    ["serve", "--id", "\(id)", "--api-addr", "127.0.0.1:0", "--raft-addr", "127.0.0.1:0"] + others
  }

  @Test("A mistyped option is answered with a hint and status 64")
  func usage() async throws {
    try await Program.withFolder { folder in
      let outcome = try await Program.run(["serve", "--ip", "1"], in: folder)
      #expect(
        outcome
          == Program.Outcome(
            ending: .exited(64), output: "",
            errors: """
              raft-kv: unknown option --ip; did you mean --id?
              Try 'raft-kv serve --help'.

              """))
    }
  }

  @Test("Help goes to standard output, with status 0")
  func help() async throws {
    try await Program.withFolder { folder in
      let outcome = try await Program.run(["--help"], in: folder)
      #expect(
        outcome == Program.Outcome(ending: .exited(0), output: Guide.overview, errors: ""))
    }
  }

  @Test("A server says where it listens, and stops in order when told to")
  func serveAndStop() async throws {
    for signal in [SIGTERM, SIGINT] {
      try await Program.withFolder { folder in
        let child = try await Program.start(Self.serve(3, "--data", "\(folder)/data"), in: folder)
        let line = try #require(await child.line(within: .seconds(20).patient))
        let ready = try JSONDocument(line).root["ready"]
        #expect(try ready["id"].uint64() == 3)
        #expect(try ready["data"].string() == "\(folder)/data")
        #expect(try SocketAddress(parsing: ready["api_addr"].string()).port != 0)
        #expect(try SocketAddress(parsing: ready["raft_addr"].string()).port != 0)
        child.signal(signal)
        #expect(await child.end(within: .seconds(20).patient) == .exited(0))
        #expect(Program.errors(in: folder).hasSuffix("raft-kv: node 3: stopped\n"))
      }
    }
  }

  @Test("What a server recorded survives its sudden end, and its next life goes on with it")
  func recording() async throws {
    try await Program.withFolder { folder in
      let data = "\(folder)/data"
      var sizes: [Int] = []
      for _ in 0..<2 {
        let child = try await Program.start(Self.serve(3, "--data", data), in: folder)
        _ = try #require(await child.line(within: .seconds(20).patient))
        child.signal(SIGKILL)
        #expect(await child.end(within: .seconds(20).patient) == .killed(signal: SIGKILL))
        let file = try #require(fopen("\(data)/flight-recording", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 20 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        #expect(bytes.count == 4096 + 8192 * 256)
        #expect(bytes.starts(with: Array("RAFTFREC".utf8)))
        // Records have 256 bytes behind a page of header; the first word is the record's number.
        let records = stride(from: 4096, to: bytes.count, by: 256)
        sizes.append(records.filter { bytes[$0..<$0 + 8].contains { $0 != 0 } }.count)
      }
      #expect(sizes[0] >= 2)
      #expect(sizes[1] >= sizes[0] + 2)
    }
  }

  @Test("A port that is in use is told in one line, with status 2")
  func portInUse() async throws {
    try await Program.withFolder { folder in
      let first = try await Program.start(Self.serve(1), in: folder)
      defer { first.signal(SIGKILL) }
      let line = try #require(await first.line(within: .seconds(20).patient))
      let api = try JSONDocument(line).root["ready"]["api_addr"].string()
      for option in ["--api-addr", "--raft-addr"] {
        let other = option == "--api-addr" ? "--raft-addr" : "--api-addr"
        let outcome = try await Program.run(
          ["serve", "--id", "2", option, api, other, "127.0.0.1:0"], in: folder)
        #expect(outcome.ending == .exited(2))
        #expect(
          outcome.errors
            == "raft-kv: \(option): \(api) is already in use: choose another port, or stop the "
            + "process that listens there\n")
      }
    }
  }

  @Test("A data folder that belongs to another, is in use or is newer is told, with status 2")
  func badFolders() async throws {
    try await Program.withFolder { folder in
      let data = "\(folder)/data"
      let first = try await Program.start(Self.serve(1, "--data", data), in: folder)
      defer { first.signal(SIGKILL) }
      _ = try #require(await first.line(within: .seconds(20).patient))
      let inUse = try await Program.run(Self.serve(1, "--data", data), in: folder)
      #expect(inUse.ending == .exited(2))
      #expect(
        inUse.errors.hasPrefix("raft-kv: the data folder \(data) cannot be used: process "))
      first.signal(SIGTERM)
      #expect(await first.end(within: .seconds(20).patient) == .exited(0))

      let foreign = try await Program.run(Self.serve(2, "--data", data), in: folder)
      #expect(foreign.ending == .exited(2))
      #expect(foreign.errors.contains("node 1"))

      let identity = try #require(fopen("\(data)/IDENTITY", "r+"))
      fseek(identity, 4, SEEK_SET)
      fputc(99, identity)
      fclose(identity)
      let newer = try await Program.run(Self.serve(1, "--data", data), in: folder)
      #expect(newer.ending == .exited(2))
      #expect(newer.errors.contains("was written by a newer version"))

      let noFolder = try await Program.run(
        Self.serve(1, "--data", "\(data)/IDENTITY/x"), in: folder)
      #expect(noFolder.ending == .exited(2))
      for outcome in [inUse, foreign, newer, noFolder] {
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      }
    }
  }

  @Test("Clients without a server say so with status 1, and an unreadable path with 2")
  func clients() async throws {
    try await Program.withFolder { folder in
      let server = try await Program.start(Self.serve(1), in: folder)
      let line = try #require(await server.line(within: .seconds(20).patient))
      let api = try JSONDocument(line).root["ready"]["api_addr"].string()
      func get(from address: String) async throws -> Program.Outcome {
        try await Program.run(
          ["get", "k", "--timeout", "1", "--cluster", address], in: folder)
      }
      let alone = try await get(from: api)
      #expect(alone.ending == .exited(1))
      #expect(alone.errors.contains("last answer: \(api) does not lead"))
      server.signal(SIGKILL)
      let gone = try await get(from: "127.0.0.1:1")
      #expect(gone.ending == .exited(1))
      #expect(gone.errors.contains("127.0.0.1:1 is unreachable"))
      let path = try await Program.run(["load", "/no/such/path"], in: folder)
      #expect(
        path
          == Program.Outcome(
            ending: .exited(2), output: "",
            errors: "raft-kv: /no/such/path cannot be read: No such file or directory\n"))
    }
  }

  @Test("A server that was started for a process refuses to run for another one")
  func wrongParent() async throws {
    try await Program.withFolder { folder in
      let outcome = try await Program.run(Self.serve(1, "--parent", "1"), in: folder)
      #expect(outcome.ending == .exited(1))
      #expect(
        outcome.errors == "raft-kv: process 1, which --parent names, did not start this one\n")
    }
  }
}
