import RaftEngine

/// What a transcript would play; here chance brings all troubles.
struct ScriptedPlay {}

extension Plan {
  func configuration(of id: NodeID) -> EngineConfiguration {
    var configuration = self.configuration
    configuration.role = self.role(of: id)
    return configuration
  }
}
