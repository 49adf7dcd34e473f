import RaftConcurrency
import RaftHTTP
import SensorFleetModel

/// What the owner of a shard knows of a device.
enum QueryOutcome: Sendable {
  case answer([UInt8])
  case unknownDevice
  case notOwner
}

extension FleetHost {
  /// Answers a query if this server owns the device's shard, now and also when it is answered.
  func answer(_ query: SeriesQuery, in shard: ShardID) async -> QueryOutcome {
    await withCheckedContinuation { continuation in
      self.look(query, in: shard) { continuation.resume(returning: $0) }
    }
  }

  /// Looks into the index, piece by piece if it has to catch up with many records.
  private func look(
    _ query: SeriesQuery, in shard: ShardID, _ whenDone: @escaping @Sendable (QueryOutcome) -> Void
  ) {
    self.store.submit { store throws(StoreError) in
      guard let through = self.shown(shard) else {
        whenDone(.notOwner)
        return nil
      }
      let log = try store.log(of: shard)
      guard try log.index.catchUp(with: log, through: through) else {
        self.look(query, in: shard, whenDone)
        return nil
      }
      let outcome: QueryOutcome =
        log.index.knows(query.device) ? .answer(query.answer(from: log.index)) : .unknownDevice
      // It may have taken long, or the process stood still.
      whenDone(self.shown(shard) == nil ? .notOwner : outcome)
      return nil
    }
  }

  /// Through which record this server may show a shard; `nil` if it may not.
  private func shown(_ shard: ShardID) -> UInt64? {
    self.state.withLock { state in
      guard Self.owns(shard, state, at: SteadyClock.now) else { return nil }
      return state.shards[shard]?.tenure?.acknowledged
    }
  }
}

/// Questions of clients, to whichever server.
extension FleetAPI {
  private static let queryPatience: Duration = .seconds(8)
  private static let queryPause: Duration = .milliseconds(40)

  /// Has the owner answer; a request that was passed on already is not passed on again.
  func query(_ request: HTTPRequest) async -> HTTPResponse {
    let query: SeriesQuery
    do throws(FieldError) {
      query = try SeriesQuery(request)
    } catch {
      return .text("\(error)\n", .badRequest)
    }
    guard let shard = self.fleet.host.configuration.shard(of: query.device)?.shard else {
      return .text("the fleet has no shards yet: 'sensor-fleet found'\n", .serviceUnavailable)
    }
    let isPassedOn = request.queryValue("routed") != nil
    let deadline = SteadyClock.now + Self.queryPatience
    repeat {
      if let response = await self.attempt(query, in: shard, request, isPassedOn) {
        return response
      }
      if isPassedOn { break }
      try? await ContinuousClock().sleep(for: Self.queryPause)
    } while SteadyClock.now < deadline && !Task.isCancelled
    return .text(
      "nobody owns shard \(shard) now: its replicas are not there, or it is changing hands\n",
      isPassedOn ? .misdirectedRequest : .serviceUnavailable)
  }

  private func attempt(
    _ query: SeriesQuery, in shard: ShardID, _ request: HTTPRequest, _ isPassedOn: Bool
  ) async -> HTTPResponse? {
    guard let owner = self.fleet.host.configuration.shard(shard)?.primary else { return nil }
    guard owner == self.fleet.id || isPassedOn else {
      guard let address = self.fleet.address(of: owner),
        let response = try? await self.fleet.http.send(
          HTTPRequest(.get, request.target + "&routed=1"), to: address, within: .seconds(5)),
        response.status != .misdirectedRequest
      else { return nil }
      return response
    }
    switch await self.fleet.host.answer(query, in: shard) {
    case .answer(let bytes):
      return HTTPResponse(headers: ["Content-Type": "application/json"], body: bytes)
    case .unknownDevice:
      return .text("device: there is no reading of '\(query.device)'\n", .notFound)
    case .notOwner:
      return nil
    }
  }
}
