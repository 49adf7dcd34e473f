import RaftHTTP
import RaftJSON
import SensorFleetModel

/// What the page shows: this server's view of the configuration, and what each server says of
/// itself.
extension FleetAPI {
  private static let askTimeout: Duration = .milliseconds(700)

  /// Asks all servers at once; who does not answer in time has said nothing.
  func picture() async -> HTTPResponse {
    let configuration = self.fleet.host.configuration
    let sayings = await withTaskGroup(of: (ServerID, JSONFragment?).self) { group in
      for server in configuration.servers {
        group.addTask { (server.id, await self.saying(of: server.id)) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    return Self.response { writer in
      writer.object { writer in
        writer.member("servers") { writer in
          writer.array(configuration.servers) { writer, server in
            writer.object { writer in
              writer.member("id", server.id)
              writer.member("status") { writer in
                if let saying = sayings[server.id] ?? nil {
                  writer.raw(saying)
                } else {
                  writer.null()
                }
              }
            }
          }
        }
        writer.member("configuration", configuration)
      }
    }
  }

  private func saying(of server: ServerID) async -> JSONFragment? {
    if server == self.fleet.id {
      return try? JSONFragment(Self.response { self.status(&$0, .brief) }.body)
    }
    guard let address = self.fleet.address(of: server),
      let response = try? await self.fleet.http.send(
        HTTPRequest(.get, "/status?brief"), to: address, within: Self.askTimeout),
      response.status == .ok
    else { return nil }
    return try? JSONFragment(response.body)
  }
}
