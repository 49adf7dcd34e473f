import RaftCommandLine
import RaftHTTP

extension ClientOptions {
  /// Lends a client of the cluster, and closes it afterwards.
  func withClient<Problem: Error>(
    _ body: (KVClient) async throws(Problem) -> Report
  ) async throws(Failure) -> Report {
    let loop: EventLoop
    do {
      loop = try EventLoop.start(named: "raft-kv")
    } catch {
      throw Failure(.failed, String(describing: error))
    }
    let http = HTTPClient(
      on: loop, HTTPClient.Configuration(connectionsPerServer: 1024, idlePerServer: 1024))
    let patience = KVClient.Patience(
      total: self.timeout, attempt: min(self.timeout, .seconds(5)))
    let client = KVClient(self.cluster, http: http, patience: patience)
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
    case .failure(let error as ClientError): throw Failure(error)
    case .failure(let error): throw Failure(.failed, String(describing: error))
    }
  }
}
