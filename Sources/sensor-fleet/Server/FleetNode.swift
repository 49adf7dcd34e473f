import Raft
import RaftConcurrency
import RaftHTTP
import RaftHTTPTransport
import RaftJSON
import SensorFleetModel

/// One server: its part in the log, the shards that it holds, and its ways to the others.
final class FleetNode: Sendable {
  /// How long a request to the leader may take.
  static let leaderTimeout: Duration = .seconds(2)
  /// How often a server asks the leader to go on as an owner.
  static let renewalInterval: Duration = .milliseconds(300)

  /// This server as a member of the cluster.
  let member: Member
  let identity: FleetIdentity
  let zone: String
  /// Its folder.
  let data: String
  let node: RaftNode<FleetMachine>
  let host: FleetHost
  let http: HTTPClient
  /// Whom this server does not talk to for a while.
  let cuts: Cuts
  /// When each server was heard of last, while this one leads.
  let heard = Guarded<[ServerID: Duration]>([:])
  /// Whether the folder says which fleet it belongs to.
  let isFleetNoted = Guarded(false)

  init(
    member: Member, identity: FleetIdentity, zone: String, data: String,
    node: RaftNode<FleetMachine>,
    host: FleetHost, http: HTTPClient, cuts: Cuts
  ) {
    self.cuts = cuts
    self.member = member
    self.identity = identity
    self.zone = zone
    self.data = data
    self.node = node
    self.host = host
    self.http = http
  }

  /// This server's number.
  var id: ServerID { self.host.id }

  /// Where clients and servers reach a server of the fleet.
  func address(of server: ServerID) -> SocketAddress? {
    guard !self.cuts.contains(server) else { return nil }
    return self.host.configuration.server(server).flatMap {
      try? SocketAddress(parsing: $0.address)
    }
  }

  /// Where the leader is reached; `nil` if it is this server, or nobody knows.
  private var leaderAddress: SocketAddress? {
    guard let leader = self.node.leader, !self.cuts.contains(ServerID(leader.id.rawValue)),
      let text = leader.member?.metadata[NodeInfo.apiKey]
    else { return nil }
    return try? SocketAddress(parsing: text)
  }

  // MARK: Asking the leader

  /// Has the leader put a command into the log.
  ///
  /// - Throws: ``LeaderError``; the command may have taken effect.
  func propose(_ command: FleetCommand) async throws(LeaderError) -> FleetReceipt {
    if self.node.isLeader { return try await self.proposeHere(command) }
    var writer = JSONWriter()
    writer.write(command)
    let root = try await self.askLeader("/leader/propose", writer.finish())
    do throws(JSONError) {
      return FleetReceipt(
        index: try root["index"].uint64(), starts: try root.optional("starts")?.uint64(),
        refusal: try root.optional("refusal").map(FleetRefusal.told))
    } catch {
      throw LeaderError("the leader's answer is not understood: \(error)")
    }
  }

  /// Puts a command into the log, if this server leads.
  func proposeHere(_ command: FleetCommand) async throws(LeaderError) -> FleetReceipt {
    do throws(WriteError) {
      return try await self.node.write(command)
    } catch {
      throw LeaderError("\(error)")
    }
  }

  /// From where on in the log the configuration is as fresh as this question.
  private func freshIndex() async throws(LeaderError) -> UInt64 {
    if self.node.isLeader { return try await self.freshIndexHere(for: self.id) }
    let root = try await self.askLeader("/leader/renew?server=\(self.id)", [])
    do throws(JSONError) {
      return try root["index"].uint64()
    } catch {
      throw LeaderError("the leader's answer is not understood: \(error)")
    }
  }

  /// The same, if this server leads; notes that the other one was heard of.
  func freshIndexHere(for server: ServerID) async throws(LeaderError) -> UInt64 {
    self.heard.withLock { $0[server] = SteadyClock.now }
    do throws(ReadError) {
      return try await self.node.readBarrier().index.rawValue
    } catch {
      throw LeaderError("\(error)")
    }
  }

  /// Asks the leader to go on as an owner, once.
  func renewOwnership() async throws(LeaderError) {
    let askedAt = SteadyClock.now
    let index = try await self.freshIndex()
    do throws(WaitError) {
      try await self.node.wait(for: .applied(atLeast: LogIndex(index)), within: .seconds(1))
    } catch {
      throw LeaderError("this server lags behind the log: \(error)")
    }
    self.host.renewOwnership(askedAt: askedAt)
  }

  /// Sends the leader a question and reads its answer.
  func askLeader(
    _ target: String, _ body: [UInt8], within limit: Duration = FleetNode.leaderTimeout
  ) async throws(LeaderError) -> JSONNode {
    guard let address = self.leaderAddress else { throw LeaderError("no leader is known here") }
    do {
      let response = try await self.http.send(
        HTTPRequest(.post, target, body: body, repetition: .harmful), to: address, within: limit)
      guard response.status == .ok else {
        throw LeaderError("\(address): \(response.status): \(response.text)")
      }
      return try JSONDocument(response.body).root
    } catch let error as LeaderError {
      throw error
    } catch {
      throw LeaderError("\(error)")
    }
  }
}

/// The leader did not do it, or nobody knows if it did.
struct LeaderError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
