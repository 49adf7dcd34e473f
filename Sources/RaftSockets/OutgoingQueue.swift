import Glibc

/// The bytes that a socket would not take yet, in order.
struct OutgoingQueue {
  private var chunks: [[UInt8]] = []
  /// The first chunk that still has bytes to send, and how many of its bytes are sent.
  private var first = 0
  private var sentOfFirst = 0
  private(set) var byteCount = 0

  /// Chunks below this size are joined, so that a flush needs few system calls.
  private static let joinBelow = 16 << 10

  var isEmpty: Bool { self.byteCount == 0 }

  /// What came of an attempt to send.
  enum Progress: Equatable {
    case drained(sent: Int)
    case blocked(sent: Int)
    case failed(code: Int32)
  }

  mutating func append(_ bytes: [UInt8], from start: Int = 0) {
    guard start < bytes.count else { return }
    self.byteCount += bytes.count - start
    let last = self.chunks.count - 1
    if last >= self.first, self.chunks[last].count + bytes.count - start <= OutgoingQueue.joinBelow
    {
      self.chunks[last].append(contentsOf: bytes[start...])
    } else if self.chunks.isEmpty {
      self.sentOfFirst = start
      self.chunks.append(bytes)
    } else {
      self.chunks.append(start == 0 ? bytes : Array(bytes[start...]))
    }
  }

  mutating func removeAll() {
    self = OutgoingQueue()
  }

  /// Sends until all is sent or the socket takes no more.
  mutating func flush(to descriptor: Int32) -> Progress {
    var sent = 0
    while self.first < self.chunks.count {
      let isLast = self.first == self.chunks.count - 1
      let start = self.sentOfFirst
      let result = OutgoingQueue.send(
        self.chunks[self.first], from: start, to: descriptor, more: isLast ? .no : .yes)
      switch result {
      case .sent(let count):
        sent += count
        self.byteCount -= count
        self.sentOfFirst += count
        if self.sentOfFirst == self.chunks[self.first].count { self.dropFirst() }
      case .blocked:
        return .blocked(sent: sent)
      case .failed(let code):
        return .failed(code: code)
      }
    }
    return .drained(sent: sent)
  }

  private mutating func dropFirst() {
    self.chunks[self.first] = []
    self.first += 1
    self.sentOfFirst = 0
    if self.first == self.chunks.count || self.first > 64 {
      self.chunks.removeFirst(self.first)
      self.first = 0
    }
  }

  /// Whether more bytes follow at once, so that the system need not send a short packet.
  enum More { case yes, no }

  enum Sending: Equatable {
    case sent(Int)
    case blocked
    case failed(code: Int32)
  }

  /// One system call: never raises SIGPIPE, never waits.
  static func send(
    _ bytes: [UInt8], from start: Int, to descriptor: Int32, more: More
  ) -> Sending {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT) | (more == .yes ? Int32(MSG_MORE) : 0)
    while true {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start, flags)
      }
      if count >= 0 { return .sent(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN, EWOULDBLOCK: return .blocked
      case let code: return .failed(code: code)
      }
    }
  }
}
