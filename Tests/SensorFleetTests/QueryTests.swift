import RaftHTTP
import RaftJSON
import RaftStoreTesting
import SensorFleetModel
import Testing

@testable import sensor_fleet

@Suite("Questions about a device")
struct QueryTests {
  /// An index of one device with ten values from 0 on, at 1000 and every 100 after.
  private static func index() throws -> SeriesIndex {
    let log = try ShardLog(folder: "f", SimulatedFileSystem())
    let readings = (0..<10).map { number in
      Reading(
        device: "a", time: Int64(1000 + 100 * number),
        values: [.init(name: "n", value: Double(number)), .init(name: "m", value: 1)])
    }
    // Stored twice, as after an unknown outcome; and something later.
    for (place, batch) in [readings, readings, Array(readings[..<1])].enumerated() {
      let point = LogPoint(sequence: UInt64(place) + 1, epoch: Epoch(1))
      try log.append([ShardRecord(point: point, payload: ReadingsCodec.encode(batch))])
    }
    var index = SeriesIndex()
    #expect(try index.catchUp(with: log, through: 2))
    return index
  }

  private static func query(_ text: String) throws(FieldError) -> SeriesQuery {
    try SeriesQuery(HTTPRequest(.get, "/query?" + text))
  }

  @Test(
    "A window has its first moment and not its last; aggregates put its parts together",
    arguments: [
      ("from=1100&to=1300", "[[1100,1.0],[1200,2.0]]"),
      ("from=0&to=1100", "[[1000,0.0]]"),
      ("from=5000&to=6000", nil),
      ("from=1000&to=2000&aggregate=count", "[[1000,10.0]]"),
      ("from=1000&to=2000&aggregate=sum", "[[1000,45.0]]"),
      ("from=1000&to=2000&aggregate=mean", "[[1000,4.5]]"),
      ("from=1000&to=2000&aggregate=min", "[[1000,0.0]]"),
      ("from=1000&to=2000&aggregate=max", "[[1000,9.0]]"),
      ("from=1000&to=2000&aggregate=last", "[[1000,9.0]]"),
      ("from=900&to=2000&aggregate=sum&every=500", "[[900,6.0],[1400,30.0],[1900,9.0]]"),
    ] as [(String, String?)])
  func windows(window: String, samples: String?) throws {
    let query = try Self.query("device=a&value=n&\(window)")
    let root = try JSONDocument(query.answer(from: Self.index())).root
    let found = try root["values"].optional("n")?.fragment.bytes
    #expect(found.map { String(decoding: $0, as: UTF8.self) } == samples)
    #expect(try root["values"].optional("m") == nil || query.name == nil)
  }

  @Test("Without a name all values are told")
  func allValues() throws {
    let answer = try Self.query("device=a&from=1000&to=1100").answer(from: Self.index())
    #expect(
      String(decoding: answer, as: UTF8.self)
        == #"{"device":"a","values":{"m":[[1000,1.0]],"n":[[1000,0.0]]}}"#)
  }

  @Test(
    "A question that cannot be answered is told what it lacks",
    arguments: [
      ("from=1&to=2", "device"), ("device=a&to=2", "from"), ("device=a&from=1", "to"),
      ("device=a&from=2&to=2", "to"), ("device=a&from=x&to=2", "from"),
      ("device=a&from=1&to=2&aggregate=average", "aggregate"),
      ("device=a&from=1&to=2&aggregate=sum&every=0", "every"),
      ("device=a&from=1&to=2&every=1", "every"),
      ("device=a&from=0&to=9000000&aggregate=sum&every=1", "every"),
    ])
  func refusals(text: String, field: String) {
    let error = #expect(throws: FieldError.self) { try Self.query(text) }
    #expect(error?.field == field)
  }

  @Test("Records and answers are the same after their way through bytes")
  func messages() throws {
    let record = ShardRecord(point: LogPoint(sequence: 6, epoch: Epoch(2)), payload: [1, 2, 3])
    let message = ReplicationMessage(
      fleet: "f",
      parts: [
        .init(
          shard: ShardID(3), epoch: Epoch(4),
          previous: LogPoint(sequence: 5, epoch: Epoch(2)), records: [record])
      ])
    let read = try ReplicationMessage(message.bytes)
    #expect(read.fleet == "f")
    #expect(read.parts.first?.records == [record])
    #expect(read.parts.first?.previous == LogPoint(sequence: 5, epoch: Epoch(2)))
    for count in 0..<message.bytes.count {
      #expect(throws: MalformedBytes.self) {
        try ReplicationMessage(Array(message.bytes[..<count]))
      }
    }
    let answer = ReplicationAnswer([
      .stored(through: 7), .mismatch(agreesThrough: 0), .refused(known: Epoch(9)),
    ])
    #expect(try ReplicationAnswer(answer.bytes) == answer)
    #expect(throws: MalformedBytes.self) { try ReplicationAnswer([5, 0, 0, 0, 0, 0, 0, 0, 0]) }
  }

  @Test("Records whose epochs do not fit their message are refused")
  func wrongEpochs() {
    for (previous, epoch, message) in [(2, 1, 4), (2, 5, 4)] as [(UInt64, UInt64, UInt64)] {
      let bytes = ReplicationMessage(
        fleet: "f",
        parts: [
          .init(
            shard: ShardID(0), epoch: Epoch(message),
            previous: LogPoint(sequence: 5, epoch: Epoch(previous)),
            records: [
              ShardRecord(point: LogPoint(sequence: 6, epoch: Epoch(epoch)), payload: [])
            ])
        ]
      ).bytes
      #expect(throws: MalformedBytes.self) { try ReplicationMessage(bytes) }
    }
  }
}
