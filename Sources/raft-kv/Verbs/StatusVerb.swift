import Raft
import RaftCommandLine
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// The verb that shows who leads and how far each server is.
struct StatusVerb {
  let client: KVClient
  let format: ClientOptions.Format

  /// What one server said, or why it said nothing.
  private struct Sight {
    let address: SocketAddress
    let metrics: Result<MetricsReport, ClientError>

    var report: MetricsReport? { try? self.metrics.get() }
  }

  /// Asks all servers that are known, and those that they know.
  func status() async -> Report {
    var sights = await self.ask(self.client.route.all)
    let known = Set(sights.map(\.address))
    var others: Set<SocketAddress> = []
    for sight in sights {
      for member in sight.report?.effectiveMembership.membership?.members ?? [] {
        guard let text = member.metadata[NodeInfo.apiKey],
          let address = try? SocketAddress(parsing: text), !known.contains(address)
        else { continue }
        others.insert(address)
      }
    }
    sights += await self.ask(Array(others))
    sights.sort {
      ($0.report?.id.rawValue ?? .max, $0.address.description)
        < ($1.report?.id.rawValue ?? .max, $1.address.description)
    }
    let leader = sights.compactMap(\.report)
      .filter { $0.state == .leader && $0.hasQuorumContact }
      .max { $0.vote.term < $1.vote.term }
    let isHealthy = leader != nil && sights.allSatisfy { $0.report != nil }
    let output =
      switch self.format {
      case .text: Self.table(sights, leader)
      case .json: Self.json(sights, leader)
      }
    return Report(output: output, code: isHealthy ? .done : .failed)
  }

  private func ask(_ addresses: [SocketAddress]) async -> [Sight] {
    await withTaskGroup(of: Sight.self) { group in
      for address in addresses {
        group.addTask {
          do throws(ClientError) {
            let report = try await self.client.metrics(of: address)
            return Sight(address: address, metrics: .success(report))
          } catch {
            return Sight(address: address, metrics: .failure(error))
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  // MARK: For people

  private static func table(_ sights: [Sight], _ leader: MetricsReport?) -> String {
    var rows = [["NODE", "API", "ROLE", "TERM", "LAST", "COMMITTED", "APPLIED", "SNAPSHOT", "LAG"]]
    var notes = ""
    for sight in sights {
      switch sight.metrics {
      case .failure(let error):
        rows.append(["-", sight.address.description, "no answer"])
        notes += "\(error)\n"
      case .success(let report):
        rows.append([
          String(describing: report.id), sight.address.description, Self.role(of: report),
          String(describing: report.vote.term), Self.text(report.lastLogIndex),
          Self.text(report.committed?.index), Self.text(report.applied?.index),
          Self.text(report.snapshot?.index), Self.lag(of: report, behind: leader),
        ])
        if report.removedAt != nil { notes += "node \(report.id): removed from the cluster\n" }
        if let trouble = report.storageTrouble { notes += "node \(report.id): \(trouble)\n" }
        if let failure = report.failure { notes += "node \(report.id): \(failure)\n" }
      }
    }
    var output = TextTable.aligned(rows, left: 3)
    if let leader {
      let membership = leader.effectiveMembership.membership
      output += "leader \(leader.id), term \(leader.vote.term), voters "
      output += "\(membership.map(String.init(describing:)) ?? "none")\n"
      for peer in leader.peers ?? [] {
        if let trouble = peer.trouble { notes += "node \(peer.id) is not kept up: \(trouble)\n" }
      }
      for peer in leader.peers ?? [] where peer.replacedBy != nil {
        notes += "node \(peer.id): its data was replaced, it does not count; join it again\n"
      }
      if let record = membership?.unsafeRecovery { notes += "\(record)\n" }
      for divergence in leader.divergences { notes += "\(divergence.explanation)\n" }
    } else {
      output += "no leader with a majority behind it\n"
    }
    return output + notes
  }

  /// What the server does, and that it holds no data if it is a witness.
  private static func role(of report: MetricsReport) -> String {
    guard report.failure == nil else { return "stopped" }
    let state = String(describing: report.state).lowercased()
    return report.role == .witness ? "\(state), witness" : state
  }

  private static func text(_ index: LogIndex?) -> String {
    index.map(String.init(describing:)) ?? "-"
  }

  /// How many entries of the leader's log are missing, as the leader knows it.
  private static func lag(of report: MetricsReport, behind leader: MetricsReport?) -> String {
    guard let leader, let last = leader.lastLogIndex else { return "-" }
    if report.id == leader.id { return "0" }
    guard let peer = leader.peers?.first(where: { $0.id == report.id }) else { return "-" }
    return String(peer.lag(behind: last))
  }

  // MARK: For programs

  private static func json(_ sights: [Sight], _ leader: MetricsReport?) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("leader", leader?.id)
      writer.member("nodes") { writer in
        writer.array(sights) { writer, sight in
          writer.object { writer in
            writer.member("api_addr", sight.address.description)
            switch sight.metrics {
            case .success(let report): writer.member("metrics", report)
            case .failure(let error): writer.member("error", error.description)
            }
          }
        }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }
}
