/// One call of one client on one key: what it asked, and what it was told.
public struct ClientOperation: Hashable, Sendable {
  /// The number of an operation: its place in its ``ClientHistory``, from 0.
  public struct ID: Hashable, Comparable, Sendable {
    /// The number itself.
    public let rawValue: Int

    /// Names the operation with this number.
    public init(_ rawValue: Int) {
      self.rawValue = rawValue
    }

    /// Orders operations by when they were invoked.
    public static func < (left: ID, right: ID) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// What a compare-and-set expects to find.
  public enum Expectation: Hashable, Sendable {
    /// The register's version; 0 means that it was never written.
    case version(UInt64)
    /// The register's value; `nil` means that it was never written.
    case value(UInt64?)

    /// Whether a state, whose version is told if one is expected, is as expected.
    func holds(in state: RegisterState) -> Bool {
      switch self {
      case .version(let version): version == state.version
      case .value(let value): value == state.value
      }
    }
  }

  /// What a client asks.
  public enum Action: Hashable, Sendable {
    /// Set the register to this value.
    case write(UInt64)
    /// Set the register to a value if it is as expected.
    case compareAndSet(expecting: Expectation, to: UInt64)
    /// Tell what the register holds.
    case read
  }

  /// What a client is told when its operation succeeded.
  public enum Answer: Hashable, Sendable {
    /// The value is set, and the register has this version now; `nil` if the answer does not say.
    case written(version: UInt64?)
    /// The compare-and-set found another state than expected and changed nothing.
    case mismatched(found: RegisterState)
    /// The register holds this.
    case read(RegisterState)
  }

  /// How an operation ended, as far as its client knows.
  public enum Outcome: Hashable, Sendable {
    /// It has not ended; it may have taken effect, and may still.
    case pending
    /// It took effect between its invocation and now.
    case succeeded(Answer)
    /// It did not take effect and never will.
    case failed
    /// It took effect, or takes effect at any later time, or never.
    case unknown
  }

  /// The operation's number.
  public let id: ID
  /// Who asked.
  public let client: Int
  /// Which register.
  public let key: Int
  /// What was asked.
  public let action: Action
  /// When it was asked, in nanoseconds; for people only.
  public let invokedAt: UInt64
  /// When it ended, in nanoseconds, or `nil` while it is pending; for people only.
  public internal(set) var endedAt: UInt64?
  /// How it ended.
  public internal(set) var outcome: Outcome
  /// The place of its invocation in the order of all events of the history.
  let invocation: Int
  /// The place of its end in the order of all events of the history.
  var end: Int?
}

extension ClientOperation.ID: CustomStringConvertible {
  /// `#17`.
  public var description: String { "#\(self.rawValue)" }
}

extension ClientOperation: CustomStringConvertible {
  /// One line with the question, the answer and their times.
  public var description: String {
    let asked = "\(self.id) client \(self.client): \(self.action) key \(self.key)"
    let times = "\(Self.seconds(self.invokedAt)) to \(self.endedAt.map(Self.seconds) ?? "…")"
    return "\(asked) -> \(self.outcome) [\(times)]"
  }

  /// Nanoseconds as seconds with six decimals.
  static func seconds(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000 / 1000)
    let zeros = String(repeating: "0", count: 6 - fraction.count)
    return "\(nanoseconds / 1_000_000_000).\(zeros)\(fraction)s"
  }
}
