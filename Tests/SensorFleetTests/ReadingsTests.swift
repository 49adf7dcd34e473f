import RaftJSON
import Testing

@testable import sensor_fleet

@Suite("Readings, as people and programs write them")
struct ReadingsTests {
  private static let now: Int64 = 1_800_000_000_000

  @Test("A line has a device, values, and a time; without one it is now")
  func lines() {
    let text = "mote-1 t=21.5,h=40 1700000000000\n# a remark\n\nb:2/x v=-1e3\r\n"
    let rows = LineProtocol.parse(text, now: Self.now)
    #expect(rows.rejected == [])
    #expect(rows.readings.map(\.row) == [1, 4])
    #expect(
      rows.readings.map(\.reading) == [
        Reading(
          device: "mote-1", time: 1_700_000_000_000,
          values: [.init(name: "t", value: 21.5), .init(name: "h", value: 40)]),
        Reading(device: "b:2/x", time: Self.now, values: [.init(name: "v", value: -1000)]),
      ])
  }

  @Test(
    "A line that cannot be stored is answered by its row and field; the others are taken",
    arguments: [
      ("a", "values", "they are missing; a line is DEVICE NAME=NUMBER,… [TIME]"),
      ("a t=1 2 3", "line", "it has more than three parts: '3'"),
      ("a t 5", "values", "'t' is not of the form NAME=NUMBER"),
      ("a t=x 5", "t", "'x' is no number"),
      ("a t=nan 5", "t", "nan is no finite number"),
      ("a t=1 soon", "time", "'soon' is no number of milliseconds since 1970"),
      (
        "a t=1 -5", "time", "-5 lies before 1970; milliseconds since then are expected"
      ),
      (
        "a t=1 1800086400001", "time",
        "1800086400001 lies more than a day in the future; milliseconds since 1970 are expected"
      ),
      (
        "a,b t=1 5", "device",
        "'a,b' has a letter that names must not have; allowed are letters, digits and _ - . : /"
      ),
      ("a =1 5", "values", "a name is empty"),
    ])
  func rejectedLines(line: String, field: String, problem: String) {
    let rows = LineProtocol.parse("ok t=1 5\n\(line)\nok t=2 6", now: Self.now)
    #expect(rows.rejected == [RowError(row: 2, FieldError(field, problem))])
    #expect(rows.readings.map(\.row) == [1, 3])
  }

  @Test("JSON is an array of readings, also within an object; wrong elements are named")
  func json() throws {
    let text = """
      {"readings":[{"device":"a","time":5,"values":{"t":1.5}},{"device":7,"values":{}},
      {"device":"b","values":{"t":"x"}},{"device":"c","time":6,"values":{}}]}
      """
    let rows = try JSONReadings.parse(Array(text.utf8), now: Self.now)
    #expect(
      rows.readings.map(\.reading) == [
        Reading(device: "a", time: 5, values: [.init(name: "t", value: 1.5)])
      ])
    #expect(rows.rejected.map(\.row) == [2, 3, 4])
    #expect(rows.rejected.map(\.field) == ["device", "t", "values"])
    #expect(throws: JSONError.self) { try JSONReadings.parse(Array("{".utf8), now: Self.now) }
  }

  @Test("A table's rows have quotes, empty cells and dates; a broken row is told with its column")
  func csv() throws {
    let head = try CSVReadings(
      head: "moteid,\"at, when\",t,h", .init(device: "moteid", time: "at, when"))
    #expect(
      try head.reading("7,2004-02-28 00:59:16.5,19.98,", now: Self.now)
        == Reading(
          device: "7", time: 1_077_929_956_500, values: [.init(name: "t", value: 19.98)]))
    #expect(
      try head.reading("\"7\",12,1,\"2\"\r", now: Self.now)
        == Reading(
          device: "7", time: 12,
          values: [.init(name: "t", value: 1), .init(name: "h", value: 2)]))
    #expect(throws: FieldError("row", "it has 3 cells, and the head has 4")) {
      try head.reading("7,12,1", now: Self.now)
    }
    #expect(throws: FieldError("h", "'warm' is no number")) {
      try head.reading("7,12,1,warm", now: Self.now)
    }
    #expect(throws: FieldError.self) { try head.reading("7,yesterday,1,2", now: Self.now) }
    #expect(
      throws: FieldError("device", "the head has no such column; it has a, time")
    ) { try CSVReadings(head: "a,time", .init()) }
  }

  @Test(
    "Dates are those of the calendar, in UTC",
    arguments: [
      ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1000), ("2000-02-29", 951_782_400_000),
      ("2026-11-21T07:30:00Z", 1_795_246_200_000), ("2023-12-31 23:59:59.999", 1_704_067_199_999),
      ("42", 42), ("2026-13-01", nil), ("2026-01-01T25:00:00Z", nil), ("soon", nil), ("", nil),
    ] as [(String, Int64?)])
  func dates(text: String, milliseconds: Int64?) {
    #expect(CSVReadings.milliseconds(text) == milliseconds)
  }

  @Test("Readings are the same after their way through bytes; bytes that end too early are refused")
  func codec() throws {
    let readings = [
      Reading(
        device: "a", time: -5, values: [.init(name: "t", value: 1), .init(name: "é", value: .pi)]),
      Reading(device: "b", time: .max, values: [.init(name: "x", value: -0.0)]),
    ]
    let bytes = ReadingsCodec.encode(readings)
    #expect(try ReadingsCodec.decode(bytes) == readings)
    #expect(ReadingsCodec.count(bytes) == 2)
    for count in 0..<bytes.count {
      #expect(throws: MalformedBytes.self) { try ReadingsCodec.decode(Array(bytes[..<count])) }
    }
    #expect(throws: MalformedBytes.self) { try ReadingsCodec.decode(bytes + [0]) }
  }
}
