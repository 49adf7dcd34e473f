import RaftHTTP
import RaftJSON
import SensorFleetModel

/// Readings that clients send, to whichever server.
extension FleetAPI {
  /// How long rows are passed on again and again while owners change.
  private static let patience: Duration = .seconds(10)
  /// How large a request may be: a batch must fit into a message to another replica.
  private static let bytesMax = 4 << 20
  private static let shardTimeout: Duration = .seconds(4)
  private static let pause: Duration = .milliseconds(40)

  /// Stores what can be stored, and tells of every row that is not.
  func ingest(_ request: HTTPRequest) async -> HTTPResponse {
    guard request.body.count <= Self.bytesMax else {
      return .text(
        "the body has more than \(Self.bytesMax) bytes: send less at once\n", .contentTooLarge)
    }
    let rows: ParsedRows
    let now = WallClock.now
    if request.headers["Content-Type"]?.hasPrefix("application/json") == true {
      do throws(JSONError) {
        rows = try JSONReadings.parse(request.body, now: now)
      } catch {
        return .text("the body holds no readings: \(error)\n", .badRequest)
      }
    } else {
      guard let text = String(validating: request.body, as: UTF8.self) else {
        return .text("the body is no UTF-8 text\n", .badRequest)
      }
      rows = LineProtocol.parse(text, now: now)
    }
    let count = self.fleet.host.configuration.shards.count
    guard count > 0 else {
      return .text("the fleet has no shards yet: 'sensor-fleet found'\n", .serviceUnavailable)
    }
    let groups = Dictionary(grouping: rows.readings) {
      ShardID(of: $0.reading.device, among: count)
    }
    let outcomes = await withTaskGroup(of: ShardOutcome.self) { group in
      for (shard, rows) in groups {
        group.addTask {
          let readings = rows.map(\.reading)
          let acceptance = await self.store(
            ReadingsCodec.encode(readings), count: readings.count, in: shard)
          return ShardOutcome(rows: rows.map(\.row), acceptance: acceptance)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return self.report(rows, outcomes)
  }

  /// What became of the rows of one shard.
  private struct ShardOutcome: Sendable {
    let rows: [Int]
    /// Who acknowledged them; `nil` if nobody did.
    let acceptance: StoredReadings.Acceptance?
  }

  private func report(_ rows: ParsedRows, _ outcomes: [ShardOutcome]) -> HTTPResponse {
    let failed = outcomes.flatMap { $0.acceptance == nil ? $0.rows : [] }.sorted()
    var response = Self.response { writer in
      writer.object { writer in
        writer.member("acknowledged", rows.readings.count - failed.count)
        writer.member("rejected") { writer in
          writer.array(rows.rejected) { writer, error in
            writer.object { writer in
              writer.member("row", error.row)
              writer.member("field", error.field)
              writer.member("problem", error.problem)
            }
          }
        }
        writer.member("unacknowledged", failed)
        writer.member("accepted_by") { writer in
          writer.array(outcomes.compactMap(\.acceptance)) { writer, acceptance in
            writer.object { writer in
              writer.member("shard", acceptance.shard)
              writer.member("epoch", acceptance.epoch)
              writer.member("server", acceptance.server)
            }
          }
        }
      }
    }
    if !failed.isEmpty { response.status = .serviceUnavailable }
    return response
  }

  /// Has the owner of a shard store readings; `nil` if nobody said that they are stored.
  ///
  /// They may be sent more than once: a reading that is stored twice is one reading.
  private func store(
    _ payload: [UInt8], count: Int, in shard: ShardID
  ) async -> StoredReadings.Acceptance? {
    let deadline = SteadyClock.now + Self.patience
    repeat {
      let owner = self.fleet.host.configuration.shard(shard)?.primary
      if let owner,
        case .acknowledged(let epoch) = await self.attempt(
          payload, count: count, in: shard, at: owner)
      {
        return .init(shard: shard, epoch: epoch, server: owner)
      }
      try? await ContinuousClock().sleep(for: Self.pause)
    } while SteadyClock.now < deadline && !Task.isCancelled
    return nil
  }

  private func attempt(
    _ payload: [UInt8], count: Int, in shard: ShardID, at owner: ServerID
  ) async -> IngestOutcome {
    if owner == self.fleet.id {
      return await self.fleet.host.ingest(payload, count: count, into: shard)
    }
    guard let address = self.fleet.address(of: owner) else { return .notOwner }
    let request = HTTPRequest(
      .post, "/shard/ingest?shard=\(shard)", body: payload, repetition: .harmful)
    guard
      let response = try? await self.fleet.http.send(
        request, to: address, within: Self.shardTimeout)
    else { return .unknown }
    switch response.status {
    case .ok: return .acknowledged(Epoch(UInt64(response.text) ?? 0))
    case .misdirectedRequest: return .notOwner
    default: return .unknown
    }
  }

  /// Stores readings that another server passes on, if this one owns their shard.
  func ingestHere(_ request: HTTPRequest) async -> HTTPResponse {
    guard let place = request.queryValue("shard").flatMap({ Int($0) }),
      let shard = self.fleet.host.configuration.shard(ShardID(max(0, place)))?.shard, place >= 0
    else { return .text("shard: there is no such one\n", .badRequest) }
    guard request.body.count <= 4 * Self.bytesMax,
      let readings = try? ReadingsCodec.decode(request.body), !readings.isEmpty
    else {
      return .text("these are no readings\n", .badRequest)
    }
    switch await self.fleet.host.ingest(request.body, count: readings.count, into: shard) {
    case .acknowledged(let epoch): return .text("\(epoch)")
    case .notOwner: return .text("this server does not own the shard\n", .misdirectedRequest)
    case .unknown: return .text("it is not known if they are stored\n", .serviceUnavailable)
    }
  }
}
