/// Where everything lies in a flight recording: one page of header, then records of equal size.
///
/// Everything is a word of 64 bits, so that a recording can be copied while the node goes on.
/// `FORMATS.md` describes the bytes.
package enum FlightLayout {
  /// The first eight bytes of every recording: `RAFTFREC`.
  package static let magic: UInt64 = 0x4345_5246_5446_4152
  /// The version that this build writes, and the only one that it reads.
  package static let version: UInt32 = 2
  /// The length of the header in words: one page.
  package static let headerWords = 512
  /// The length of a record in words; a page holds a whole number of records.
  package static let recordWords = 32
  /// The length of the header in bytes.
  package static let headerBytes = 8 * headerWords
  /// The length of a record in bytes.
  package static let recordBytes = 8 * recordWords
  /// The most records that a recording may have.
  package static let capacityMax = 1 << 20

  /// Places in the header.
  ///
  /// It is there twice, so that a process which ends while it writes one leaves the other.
  enum Header {
    static let copies = [256, 0]
    static let magic = 0
    /// The version, and above it the record's length in bytes.
    static let version = 1
    static let capacity = 2
    static let node = 3
    static let incarnation = 4
    static let startMoment = 5
    static let startTime = 6
    static let check = 7
    /// Three words that are filled when the cluster is known, and their own check.
    static let cluster = 8
    static let clusterCheck = 11
  }

  /// Places in a record: what the engine was told, then what it was afterwards.
  enum Record {
    static let sequence = 0
    static let moment = 1
    /// The kind, and above it what of the told facts is a flag.
    static let kind = 2
    static let peer = 3
    static let facts = 4
    static let toldCheck = 10
    /// The role, above it flags, and from bit 16 on the commands.
    static let role = 11
    static let voteTerm = 12
    static let voteNode = 13
    static let durable = 14
    static let last = 15
    static let committed = 18
    static let applied = 21
    static let purged = 24
    static let membership = 27
    static let snapshot = 30
    static let stateCheck = 31
  }

  /// A check over words that come one after the other; any changed bit changes it.
  struct Check {
    private(set) var sum: UInt64

    /// The check of no words; `salt` keeps a page of zeros from being right.
    init(salt: UInt64) { self.sum = salt }

    mutating func add(_ word: UInt64) {
      self.sum = ((self.sum &<< 23) | (self.sum &>> 41)) &+ word
    }
  }

  static let headerSalt: UInt64 = 0x6865_6164_6572_2031
  static let clusterSalt: UInt64 = 0x636c_7573_7465_7231
  static let toldSalt: UInt64 = 0x7768_6174_746f_6c64
  static let stateSalt: UInt64 = 0x7374_6174_6561_6674
}
