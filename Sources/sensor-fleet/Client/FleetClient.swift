import RaftConcurrency
import RaftHTTP
import RaftJSON
import SensorFleetModel

/// Talks to a fleet: any server will do, and if one does not answer, another is asked.
final class FleetClient: Sendable {
  private struct State {
    var addresses: [SocketAddress]
    var current = 0
  }

  /// How long one server may take to answer.
  private static let attemptTimeout: Duration = .seconds(12)
  private static let pause: Duration = .milliseconds(100)

  let http: HTTPClient
  private let patience: Duration
  private let state: Guarded<State>

  init(_ addresses: [SocketAddress], http: HTTPClient, patience: Duration) {
    precondition(!addresses.isEmpty, "a client needs at least one server")
    self.http = http
    self.patience = patience
    self.state = Guarded(State(addresses: addresses))
  }

  /// The servers that are asked, from now on.
  func use(_ addresses: [SocketAddress]) {
    guard !addresses.isEmpty else { return }
    self.state.withLock { $0 = State(addresses: addresses) }
  }

  /// Stores readings, and tries again those of which nobody said that they are stored.
  func store(_ readings: [Reading]) async throws(ClientError) -> StoredReadings {
    var rest = readings
    var acceptances: Set<StoredReadings.Acceptance> = []
    let deadline = SteadyClock.now + self.patience
    while !rest.isEmpty, SteadyClock.now < deadline, !Task.isCancelled {
      let response = try await self.ask(
        .post, "/ingest", Array(Self.lines(rest).utf8), until: deadline)
      let outcome: Outcome
      do throws(JSONError) {
        outcome = try Self.outcome(JSONDocument(response.body).root)
      } catch {
        throw .refused("an answer that is not understood: \(error): \(response.text)")
      }
      if let problem = outcome.rejected.first { throw .refused(problem) }
      acceptances.formUnion(outcome.acceptances)
      rest = outcome.missing.filter { rest.indices.contains($0) }.map { rest[$0] }
    }
    return StoredReadings(missing: rest, acceptances: acceptances)
  }

  /// What a server says of rows.
  private struct Outcome {
    var missing: [Int] = []
    var rejected: [String] = []
    var acceptances: Set<StoredReadings.Acceptance> = []
  }

  private static func outcome(_ root: JSONNode) throws(JSONError) -> Outcome {
    var outcome = Outcome()
    for row in try root["unacknowledged"].elements() {
      outcome.missing.append(try row.int() - 1)
    }
    for row in try root["rejected"].elements() {
      outcome.rejected.append("\(try row["field"].string()): \(try row["problem"].string())")
    }
    for part in try root["accepted_by"].elements() {
      outcome.acceptances.insert(
        .init(
          shard: try ShardID(json: part["shard"]), epoch: try Epoch(json: part["epoch"]),
          server: try ServerID(json: part["server"])))
    }
    return outcome
  }

  /// Readings as lines, one for each.
  static func lines(_ readings: [Reading]) -> String {
    var text = ""
    for reading in readings {
      let values = reading.values.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
      text += "\(reading.device) \(values) \(reading.time)\n"
    }
    return text
  }

  /// Asks whichever server answers, until one does not say that it cannot.
  func ask(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8] = [], until end: Duration? = nil
  ) async throws(ClientError) -> HTTPResponse {
    let deadline = end ?? SteadyClock.now + self.patience
    var last = "no server was asked"
    while !Task.isCancelled {
      let address = self.state.withLock { $0.addresses[$0.current % $0.addresses.count] }
      let request = HTTPRequest(method, target, body: body, repetition: .harmful)
      do {
        let response = try await self.http.send(
          request, to: address, within: Self.attemptTimeout)
        if response.status == .ok { return response }
        last = "\(address): \(response.text)"
        if response.status == .serviceUnavailable, target == "/ingest",
          response.body.first == UInt8(ascii: "{")
        {
          return response
        }
        if response.status.code < 500 {
          throw response.status == .notFound
            ? ClientError.notFound(response.text) : ClientError.refused(response.text)
        }
      } catch let error as ClientError {
        throw error
      } catch {
        last = "\(error)"
      }
      self.state.withLock { $0.current += 1 }
      guard SteadyClock.now < deadline else { throw .outOfTime(last: last) }
      try? await ContinuousClock().sleep(for: Self.pause)
    }
    throw .outOfTime(last: "interrupted")
  }

  /// What one server knows; asks nobody else.
  func configuration(of address: SocketAddress) async -> FleetConfiguration? {
    guard
      let response = try? await self.http.send(
        HTTPRequest(.get, "/configuration"), to: address, within: .seconds(3)),
      response.status == .ok, let document = try? JSONDocument(response.body)
    else { return nil }
    return try? FleetConfiguration(json: document.root)
  }
}
