import Glibc
import RaftCommandLine
import RaftConcurrency

/// Passes bytes on between ports, in each direction unless that is held; on a thread of its own.
final class Relay: Sendable {
  /// One direction of a connection: what was read and is not written yet.
  struct Flow {
    let way: Way
    let source: Int32
    let target: Int32
    var bytes: [UInt8] = []
    var hasEnded = false
    var isDone = false
  }

  struct Listener {
    let way: Way
    let descriptor: Int32
    let port: UInt16
  }

  private struct State {
    var listeners: [Listener] = []
    var flows: [Flow] = []
    var held: Set<Way> = []
    var isStopping = false
  }

  private static let pieceMax = 1 << 16

  private let state = Guarded(State())
  /// The end of a pipe through which the thread is told to look again.
  private let wake: Int32

  /// Starts the thread.
  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure(.failed, "no relay: \(systemMessage(errno))")
    }
    for end in ends { LocalSocket.neverWait(end) }
    let (woken, state) = (ends[0], self.state)
    self.wake = ends[1]
    try startThread {
      while Self.turn(state, woken) {}
      Glibc.close(woken)
    }
  }

  deinit {
    Glibc.close(self.wake)
  }

  /// Listens on any port for connections that go from one server to another's port.
  func listen(for way: Way, to port: UInt16) throws(Failure) -> UInt16 {
    guard let socket = LocalSocket.listening(on: 0) else {
      throw Failure(.failed, "no port of this machine is free: \(systemMessage(errno))")
    }
    self.state.withLock {
      $0.listeners.append(Listener(way: way, descriptor: socket.descriptor, port: port))
    }
    self.notify()
    return socket.port
  }

  /// Holds back what is sent on these ways, and on no others.
  func hold(_ ways: Set<Way>) {
    self.state.withLock { $0.held = ways }
    self.notify()
  }

  /// Listens no more for these ways.
  func close(_ isConcerned: @escaping (Way) -> Bool) {
    self.state.withLock { state in
      for listener in state.listeners where isConcerned(listener.way) {
        Glibc.close(listener.descriptor)
      }
      state.listeners.removeAll { isConcerned($0.way) }
    }
    self.notify()
  }

  /// Ends all connections and the thread.
  func stop() {
    self.state.withLock { $0.isStopping = true }
    self.notify()
  }

  private func notify() {
    var byte: UInt8 = 1
    // A full pipe wakes as well.
    _ = write(self.wake, &byte, 1)
  }

  // MARK: The thread

  /// Waits until something can be done, and does it; `false` at the end.
  private static func turn(_ state: Guarded<State>, _ wake: Int32) -> Bool {
    var polls = state.withLock { Self.polls(of: $0, wake) }
    guard poll(&polls, nfds_t(polls.count), -1) >= 0 || errno == EINTR else { return false }
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(wake, &bytes, bytes.count) > 0 {}
    return state.withLock { state in
      guard !state.isStopping else {
        for listener in state.listeners { Glibc.close(listener.descriptor) }
        for flow in state.flows { Glibc.close(flow.source) }
        return false
      }
      for listener in state.listeners { Self.accept(listener, &state.flows) }
      for place in state.flows.indices where !state.held.contains(state.flows[place].way) {
        state.flows[place].pass(atMost: Self.pieceMax)
      }
      Self.sweep(&state.flows)
      return true
    }
  }

  private static func polls(of state: State, _ wake: Int32) -> [pollfd] {
    var polls = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
    polls += state.listeners.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    for flow in state.flows where !flow.isDone && !state.held.contains(flow.way) {
      polls.append(
        flow.bytes.isEmpty && !flow.hasEnded
          ? pollfd(fd: flow.source, events: Int16(POLLIN), revents: 0)
          : pollfd(fd: flow.target, events: Int16(POLLOUT), revents: 0))
    }
    return polls
  }

  private static func accept(_ listener: Listener, _ flows: inout [Flow]) {
    while case let caller = Glibc.accept(listener.descriptor, nil, nil), caller >= 0 {
      LocalSocket.neverWait(caller)
      let server = LocalSocket.connecting(to: listener.port)
      let back = Way(from: listener.way.to, to: listener.way.from)
      flows.append(Flow(way: listener.way, source: caller, target: server))
      flows.append(Flow(way: back, source: server, target: caller))
    }
  }

  /// Closes the connections whose both directions are done; flows come in pairs.
  private static func sweep(_ flows: inout [Flow]) {
    var kept: [Flow] = []
    for place in stride(from: 0, to: flows.count, by: 2) {
      let pair = flows[place...place + 1]
      if pair.allSatisfy(\.isDone) {
        for flow in pair { Glibc.close(flow.source) }
      } else {
        kept += pair
      }
    }
    flows = kept
  }
}

extension Relay.Flow {
  /// Reads and writes as much as goes without waiting.
  mutating func pass(atMost pieceMax: Int) {
    while !self.isDone {
      if self.bytes.isEmpty, !self.hasEnded {
        var buffer = [UInt8](repeating: 0, count: pieceMax)
        let count = recv(self.source, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR || errno == ENOTCONN { return }
        if count > 0 { self.bytes = Array(buffer[..<count]) } else { self.hasEnded = true }
      }
      guard !self.bytes.isEmpty else {
        shutdown(self.target, Int32(SHUT_WR))
        self.isDone = true
        return
      }
      let count = send(self.target, self.bytes, self.bytes.count, Int32(MSG_NOSIGNAL))
      if count < 0 {
        if errno == EAGAIN || errno == EINTR || errno == ENOTCONN { return }
        // Nobody is there any more: who sent shall hear of it.
        shutdown(self.source, Int32(SHUT_RDWR))
        self.bytes = []
        self.hasEnded = true
        self.isDone = true
        return
      }
      self.bytes.removeFirst(count)
    }
  }
}
