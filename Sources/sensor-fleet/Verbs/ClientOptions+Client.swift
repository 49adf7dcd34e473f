import RaftCommandLine
import RaftHTTP

extension ClientOptions {
  /// Lends a client of the fleet, and closes it afterwards.
  func withClient(
    _ body: (FleetClient) async throws -> Report
  ) async throws(Failure) -> Report {
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "sensor-fleet")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    let http = HTTPClient(
      on: loop,
      HTTPClient.Configuration(limits: .replication, connectionsPerServer: 256, idlePerServer: 256))
    let client = FleetClient(self.cluster, http: http, patience: self.timeout)
    let result: Result<Report, any Error>
    do {
      result = .success(try await body(client))
    } catch {
      result = .failure(error)
    }
    await http.close()
    await loop.shutdown()
    switch result {
    case .success(let report): return report
    case .failure(let failure as Failure): throw failure
    case .failure(let error as ClientError): throw error.failure
    case .failure(let error): throw Failure(.failed, String(describing: error))
    }
  }
}
