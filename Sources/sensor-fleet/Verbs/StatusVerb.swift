import RaftCommandLine
import RaftHTTP
import RaftJSON
import SensorFleetModel

/// The verb that shows the servers, and who holds which shard.
struct StatusVerb: Equatable, Sendable {
  let showsHistory: Bool
  let options: ClientOptions

  init(_ arguments: Arguments) throws(UsageError) {
    self.showsHistory = arguments.has("history")
    self.options = try ClientOptions(arguments)
  }

  func perform() async throws(Failure) -> Report {
    try await self.options.withClient { client in
      let response = try await client.ask(.get, "/configuration")
      let fleet = try FleetConfiguration(json: JSONDocument(response.body).root)
      var output = Self.servers(of: fleet)
      output += fleet.shards.map { "\($0)\n" }.joined()
      if self.showsHistory { output += "\n" + Self.history(of: fleet) }
      let isWhole = fleet.shards.allSatisfy { $0.primary != nil }
      return Report(output: output, code: isWhole ? .done : .failed)
    }
  }

  /// A table of the servers.
  static func servers(of fleet: FleetConfiguration) -> String {
    var rows = [["SERVER", "ZONE", "API", "STATE", "PRIMARY OF", "IN SYNC", "FILLING"]]
    for server in fleet.servers {
      rows.append([
        "\(server.id)", server.zone, server.address, server.state.rawValue,
        "\(fleet.shards.count { $0.primary == server.id })",
        "\(fleet.shards.count { $0.inSync.contains(server.id) })",
        "\(fleet.shards.count { $0.isFilling(server.id) })",
      ])
    }
    return TextTable.aligned(rows, left: 4)
  }

  /// A line for each change of an assignment.
  static func history(of fleet: FleetConfiguration) -> String {
    fleet.history.map { change in
      "log \(change.index): \(change.assignment) (\(change.cause))\n"
    }.joined()
  }
}
