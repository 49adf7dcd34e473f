import RaftSockets
import Testing

@Suite("Socket addresses")
struct SocketAddressTests {
  @Test(
    "An address is read and written in one form",
    arguments: [
      ("127.0.0.1:21001", "127.0.0.1", 21001, true),
      ("0.0.0.0:0", "0.0.0.0", 0, true),
      ("255.255.255.255:65535", "255.255.255.255", 65535, true),
      ("[::1]:80", "::1", 80, true),
      ("[2001:db8::7]:443", "2001:db8::7", 443, true),
      ("localhost:21001", "localhost", 21001, false),
      ("node-1.raft.example:1", "node-1.raft.example", 1, false),
      ("my_service:9", "my_service", 9, false),
    ])
  func form(text: String, host: String, port: Int, isResolved: Bool) throws {
    let address = try SocketAddress(parsing: text)
    #expect(address.host == host)
    #expect(Int(address.port) == port)
    #expect(address.isResolved == isResolved)
    #expect(address.description == text)
    #expect(try SocketAddress(host: host, port: UInt16(port)) == address)
  }

  @Test(
    "A text that is no address says what was expected",
    arguments: [
      ("127.0.0.1", "the port is missing"),
      ("", "the port is missing"),
      (":80", "the host is missing"),
      ("[::1]", "the port is missing after the bracket"),
      ("[]:80", "the bracket around the IPv6 address is not closed"),
      ("[::1:80", "the port is missing after the bracket"),
      ("::1:80", "an IPv6 address must stand in brackets"),
      ("[127.0.0.1]:80", "the brackets must hold an IPv6 address"),
      ("[::1%no-such-if]:80", "this machine has no network interface \"no-such-if\""),
      ("host:", "the port must be a number from 0 to 65535"),
      ("host:65536", "the port must be a number from 0 to 65535"),
      ("host:+80", "the port must be a number from 0 to 65535"),
      ("host:080000", "the port must be a number from 0 to 65535"),
      ("127.0.0.256:80", "the host is neither an IP address nor a possible name"),
      ("127.1:80", "the host is neither an IP address nor a possible name"),
      ("a..b:80", "the host is neither an IP address nor a possible name"),
      ("-a:80", "the host is neither an IP address nor a possible name"),
      ("h st:80", "the host is neither an IP address nor a possible name"),
      ("http://h:80", "it must stand without a scheme and a path"),
    ])
  func refused(text: String, problem: String) {
    let error = #expect(throws: SocketAddressError.self) { try SocketAddress(parsing: text) }
    #expect(error?.problem == problem)
    #expect(
      error?.description == "\"\(text)\" is no socket address: \(problem); "
        + "write host:port, such as 127.0.0.1:21001, [::1]:21001 or server.example:21001")
  }
}
