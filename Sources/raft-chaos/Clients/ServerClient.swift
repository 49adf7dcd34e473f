import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// Asks servers, one attempt at a time: what became of each is part of the history.
final class ServerClient: Sendable {
  /// What became of an attempt.
  enum Outcome<Value: Sendable>: Sendable {
    case done(Value)
    /// It certainly had no effect.
    case refused(String)
    /// It may have had its effect, and may still.
    case unknown(String)
  }

  /// What a key holds: a text and the log position that wrote it.
  struct Found: Equatable, Sendable {
    let value: String
    let version: UInt64
  }

  private static let headers: HTTPHeaders = ["Content-Type": "application/json"]
  private static let lookLimit: Duration = .seconds(2)

  private struct State {
    var addresses: [SocketAddress] = []
    var leader: SocketAddress?
  }

  private let http: HTTPClient
  private let limit: Duration
  private let state = Guarded(State())

  /// A client whose attempts take no longer than the limit.
  init(http: HTTPClient, limit: Duration = .seconds(2)) {
    self.http = http
    self.limit = limit
  }

  /// These are the servers.
  func know(_ addresses: [SocketAddress]) {
    self.state.withLock { state in
      state.addresses = addresses
      state.leader = state.leader.flatMap { addresses.contains($0) ? $0 : nil }
    }
  }

  /// The server that was said to lead, or any.
  var likelyLeader: SocketAddress {
    self.state.withLock { state in
      state.leader ?? state.addresses.randomElement() ?? .loopback(port: 1)
    }
  }

  /// Any server.
  var anybody: SocketAddress {
    self.state.withLock { $0.addresses.randomElement() ?? .loopback(port: 1) }
  }

  // MARK: Data

  /// Sets a key; returns the version that this gave to it.
  func set(
    _ key: String, _ value: String, at address: SocketAddress
  ) async -> Outcome<UInt64> {
    let body = JSON.object(["Set": ["key": .string(key), "value": .string(value)]]).text()
    return await self.change(body, at: address).map { $0.logID.index.rawValue }
  }

  /// Sets a key that has a certain version; returns the new one, or `nil` if it had another.
  func compareAndSet(
    _ key: String, expecting version: UInt64, _ value: String, at address: SocketAddress
  ) async -> Outcome<UInt64?> {
    let body = JSON.object([
      "CompareAndSet": [
        "key": .string(key), "expected_version": .number(JSONNumber(version)),
        "value": .string(value),
      ]
    ]).text()
    return await self.change(body, at: address).map { response in
      response.data.found == nil ? nil : response.logID.index.rawValue
    }
  }

  private func change(
    _ body: String, at address: SocketAddress
  ) async -> Outcome<ClientWriteResponse<FoundShape>> {
    await self.ask("/write", body, at: address, within: self.limit) {
      (error: WriteError) -> (text: String, hasEffect: Bool, hint: LeaderHint?) in
      switch error {
      case .notLeader(let hint): (error.description, false, hint)
      case .outcomeUnknown: (error.description, true, nil)
      default: (error.description, false, nil)
      }
    }
  }

  /// How a key is read.
  enum Reading: String, CaseIterable, Sendable {
    /// At the leader, linearizably.
    case linearizable = "/linearizable_read"
    /// At any server, linearizably.
    case follower = "/follower_read"
    /// At one server, as it is there.
    case local = "/read"
  }

  /// What a key holds.
  func read(
    _ key: String, _ reading: Reading, at address: SocketAddress
  ) async -> Outcome<Found?> {
    let body = JSON.string(key).text()
    guard reading == .linearizable else {
      // Whatever the reason is: nothing was read.
      return await self.ask(reading.rawValue, body, at: address, within: self.limit) {
        (error: JSON) in ("\(error)", false, nil)
      }.map { (shape: FoundShape) in shape.found }
    }
    return await self.ask(reading.rawValue, body, at: address, within: self.limit) {
      (error: ReadError) in
      if case .notLeader(let hint) = error {
        (error.description, false, hint)
      } else {
        (error.description, false, nil)
      }
    }.map { (shape: FoundShape) in shape.found }
  }

  // MARK: Operators

  /// Founds the cluster.
  func found(_ members: [UInt8], at address: SocketAddress) async throws(Failure) {
    let outcome: Outcome<JSON> = await self.ask(
      "/init", String(decoding: members, as: UTF8.self), at: address,
      within: ChaosCluster.stepTimeout
    ) { (error: JSON) in ("\(error)", false, nil) }
    guard case .done = outcome else {
      throw Failure(.failed, "the cluster could not be founded: \(outcome)")
    }
  }

  /// Asks the leader for a change of the cluster, following it until the time is up.
  ///
  /// - Returns: Whether it was done; if not, it may have been or may yet be.
  func administer(_ path: String, _ body: JSON, within limit: Duration) async -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    while !Task.isCancelled, case let rest = clock.now.duration(to: deadline), rest > .zero {
      let outcome: Outcome<JSON> = await self.ask(
        path, body.text(), at: self.likelyLeader, within: rest
      ) { (error: MembershipChangeError) in
        if case .notLeader(let hint) = error {
          (error.description, false, hint)
        } else {
          (error.description, true, nil)
        }
      }
      if case .done = outcome { return true }
      try? await clock.sleep(for: .milliseconds(100))
    }
    return false
  }

  /// What a server tells of itself; `nil` if it does not answer.
  func metrics(of address: SocketAddress) async -> MetricsReport? {
    guard
      let response = try? await self.http.send(
        HTTPRequest(.get, "/metrics"), to: address, within: Self.lookLimit),
      response.status == .ok, let document = try? JSONDocument(response.body)
    else { return nil }
    return try? MetricsReport(json: document.root["Ok"])
  }

  // MARK: Attempts

  private func ask<Value: JSONShape & Sendable, Refusal: JSONShape>(
    _ path: String, _ body: String, at address: SocketAddress, within limit: Duration,
    _ meaning: (Refusal) -> (text: String, hasEffect: Bool, hint: LeaderHint?)
  ) async -> Outcome<Value> {
    let request = HTTPRequest(
      .post, path, headers: Self.headers, body: Array(body.utf8), repetition: .harmful)
    let response: HTTPResponse
    do throws(HTTPClientError) {
      response = try await self.http.send(request, to: address, within: limit)
    } catch {
      self.leave(address)
      return error.delivery == .unknown
        ? .unknown(error.description) : .refused(error.description)
    }
    guard response.status == .ok else {
      self.leave(address)
      return .unknown("\(response.status): \(response.text)")
    }
    do throws(JSONError) {
      switch try Envelope<Value, Refusal>(json: JSONDocument(response.body).root) {
      case .success(let value):
        return .done(value)
      case .failure(let refusal):
        let (text, hasEffect, hint) = meaning(refusal)
        self.follow(hint, from: address)
        return hasEffect ? .unknown(text) : .refused(text)
      }
    } catch {
      return .unknown("an answer that is not understood: \(error)")
    }
  }

  private func follow(_ hint: LeaderHint?, from address: SocketAddress) {
    let leader = hint?.member?.metadata[NodeInfo.apiKey].flatMap { try? SocketAddress(parsing: $0) }
    self.state.withLock { state in
      if let leader {
        state.leader = leader
      } else if state.leader == address {
        state.leader = nil
      }
    }
  }

  private func leave(_ address: SocketAddress) {
    self.state.withLock { if $0.leader == address { $0.leader = nil } }
  }
}

extension ServerClient.Outcome {
  fileprivate func map<Other: Sendable>(
    _ body: (Value) -> Other
  ) -> ServerClient.Outcome<Other> {
    switch self {
    case .done(let value): .done(body(value))
    case .refused(let reason): .refused(reason)
    case .unknown(let reason): .unknown(reason)
    }
  }
}

extension ServerClient.Found: JSONShape {
  init(json: JSONNode) throws(JSONError) {
    self.init(value: try json["value"].string(), version: try json["version"].uint64())
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("value", self.value)
      writer.member("version", self.version)
    }
  }
}

/// `{"value":{"value":"…","version":3}}` or `{"value":null}`.
struct FoundShape: JSONShape, Sendable {
  let found: ServerClient.Found?

  init(json: JSONNode) throws(JSONError) {
    self.found = try json.optional("value", as: ServerClient.Found.self)
  }

  func write(to writer: inout JSONWriter) {
    writer.object { $0.member("value", self.found) }
  }
}
