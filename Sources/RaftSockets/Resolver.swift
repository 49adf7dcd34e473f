import Glibc
import RaftConcurrency

/// Turns host names into IP addresses, on threads of its own.
///
/// The system's resolver blocks, so it runs neither on a loop nor on the cooperative pool: at most
/// four threads serve a queue of at most 1024 names and end when it is empty.
enum Resolver {
  typealias Answer = Result<[SocketAddress], SocketError>

  private struct Question: Sendable {
    let address: SocketAddress
    let answer: @Sendable (Answer) -> Void
  }

  private struct State {
    var waiting: [Question] = []
    var threads = 0
  }

  private static let state = Guarded(State())
  private static let mostThreads = 4
  private static let mostWaiting = 1024

  /// Calls `answer` once: at once for an IP address, from a resolver thread for a name.
  static func resolve(_ address: SocketAddress, answer: @escaping @Sendable (Answer) -> Void) {
    if address.isResolved { return answer(.success([address])) }
    enum Step { case queued, startThread, full }
    let step = Resolver.state.withLock { state -> Step in
      guard state.waiting.count < Resolver.mostWaiting else { return .full }
      state.waiting.append(Question(address: address, answer: answer))
      guard state.threads < Resolver.mostThreads else { return .queued }
      state.threads += 1
      return .startThread
    }
    switch step {
    case .queued:
      return
    case .full:
      answer(.failure(.unresolved(host: address.host, reason: "too many names are waiting")))
    case .startThread:
      do {
        try SystemThread.start(named: "raft-resolver", Resolver.serve).detach()
      } catch {
        Resolver.threadFailed(error)
      }
    }
  }

  /// The addresses of a name, in the system's order of preference.
  static func resolve(_ address: SocketAddress) async throws(SocketError) -> [SocketAddress] {
    if address.isResolved { return [address] }
    let answer = await withCheckedContinuation { continuation in
      Resolver.resolve(address) { continuation.resume(returning: $0) }
    }
    return try answer.get()
  }

  private static func serve() {
    while let question = Resolver.next() {
      question.answer(Resolver.ask(question.address))
    }
  }

  private static func next() -> Question? {
    Resolver.state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.threads -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }

  /// Without any thread nobody would ever answer, so the waiting are refused.
  private static func threadFailed(_ error: SocketError) {
    let refused = Resolver.state.withLock { state -> [Question] in
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for question in refused { question.answer(.failure(error)) }
  }

  private static func ask(_ address: SocketAddress) -> Answer {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(address.host, String(address.port), &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard failure == 0 else {
      let reason = failure == EAI_SYSTEM ? SocketError.text(of: errno) : Resolver.text(of: failure)
      return .failure(.unresolved(host: address.host, reason: reason))
    }
    var found: [SocketAddress] = []
    var entry = list
    while let current = entry {
      if let system = current.pointee.ai_addr, let one = SocketAddress(system: system),
        !found.contains(one)
      {
        found.append(one)
      }
      entry = current.pointee.ai_next
    }
    guard !found.isEmpty else {
      return .failure(.unresolved(host: address.host, reason: "the name has no address"))
    }
    return .success(found)
  }

  private static func text(of failure: Int32) -> String {
    guard let text = gai_strerror(failure) else { return "unknown error" }
    return String(cString: text)
  }
}
