import Glibc
import RaftCommandLine
import RaftConcurrency
import TestPace
import Testing

@testable import raft_chaos

@Suite("Relays between ports", .realTime)
struct RelayTests {
  /// A server that answers each byte with the next one, and a relay to it on the way from 1 to 2.
  private static func withRelay(
    _ body: (Relay, Int32) async throws -> Void
  ) async throws {
    let relay = try Relay()
    defer { relay.stop() }
    let server = try #require(LocalSocket.listening(on: 0))
    let port = try relay.listen(for: Way(from: 1, to: 2), to: server.port)
    try startThread {
      // The relay connects when somebody connects to it.
      var polls = [pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0)]
      poll(&polls, 1, 10_000)
      let caller = accept(server.descriptor, nil, nil)
      var byte: UInt8 = 0
      while caller >= 0 {
        var polls = [pollfd(fd: caller, events: Int16(POLLIN), revents: 0)]
        guard poll(&polls, 1, 10_000) > 0, recv(caller, &byte, 1, 0) == 1 else { break }
        byte += 1
        send(caller, &byte, 1, Int32(MSG_NOSIGNAL))
      }
      close(caller)
      close(server.descriptor)
    }
    let client = LocalSocket.connecting(to: port)
    defer { close(client) }
    try await body(relay, client)
  }

  /// Sends a byte and returns the answer; `nil` if none comes in time.
  private static func ask(_ client: Int32, _ byte: UInt8?, within milliseconds: Int32) -> UInt8? {
    var polls = [pollfd(fd: client, events: Int16(POLLOUT), revents: 0)]
    poll(&polls, 1, 10_000)
    if var byte { send(client, &byte, 1, Int32(MSG_NOSIGNAL)) }
    polls[0].events = Int16(POLLIN)
    guard poll(&polls, 1, milliseconds) > 0 else { return nil }
    var answer: UInt8 = 0
    return recv(client, &answer, 1, 0) == 1 ? answer : nil
  }

  @Test(
    "What is sent on a way that is cut is held back, in either direction, and arrives later",
    arguments: [Way(from: 1, to: 2), Way(from: 2, to: 1)])
  func holding(_ way: Way) async throws {
    try await Self.withRelay { relay, client in
      #expect(Self.ask(client, 1, within: 10_000) == 2)
      relay.hold([way])
      #expect(Self.ask(client, 5, within: 100) == nil)
      relay.hold([])
      #expect(Self.ask(client, nil, within: 10_000) == 6)
    }
  }

  @Test("A way that is cut leaves others alone")
  func otherWays() async throws {
    try await Self.withRelay { relay, client in
      relay.hold([Way(from: 1, to: 3), Way(from: 3, to: 2)])
      #expect(Self.ask(client, 7, within: 10_000) == 8)
    }
  }

  @Test("Ways are told by direction")
  func ways() {
    #expect(Set<Way>.out(of: [1], to: [1, 2, 3]) == [Way(from: 1, to: 2), Way(from: 1, to: 3)])
    #expect(Set<Way>.between([1], [2]) == [Way(from: 1, to: 2), Way(from: 2, to: 1)])
  }
}
