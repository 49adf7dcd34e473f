import RaftEngine

/// What a transcript would play; here chance brings all troubles.
struct ScriptedPlay {}

extension Plan {
  func configuration(of id: NodeID) -> EngineConfiguration { self.configuration }
}
