public import Raft
public import RaftJSON

extension Membership: JSONShape {
  /// Writes `{"configs":[[1,2]],"nodes":{"1":…,"2":…,"3":…}}`.
  ///
  /// What differs from the usual follows in members of its own: `leaving`
  /// (`{"Drop":[ids that become learners]}`), `cluster`, `leadership_rule` (`"OnePerTerm"`),
  /// `largest_promise` (nanoseconds) and `feature_level` (1 if left out).
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.members(configurations: self.configurations, nodes: self.members)
      if case .drop(let exceptions) = self.leavingRule {
        writer.member("leaving") { $0.variant("Drop", exceptions) }
      }
      let terms = self.terms
      if let cluster = terms.cluster { writer.member("cluster", cluster) }
      if terms.leadershipRule != .manyPerTerm {
        writer.member("leadership_rule", Self.rules.word(for: terms.leadershipRule))
      }
      if let promise = terms.largestPromise { writer.member("largest_promise", promise) }
      if terms.featureLevel != 1 { writer.member("feature_level", UInt64(terms.featureLevel)) }
    }
  }

  /// Reads a membership, which must make sense: no voter without a description, for example.
  public init(json: JSONNode) throws(JSONError) {
    do {
      try self.init(
        configurations: try Array(json: try json["configs"]),
        members: try Self.members(json["nodes"]), leavingRule: try Self.leavingRule(of: json),
        terms: try Self.terms(of: json))
    } catch let error as MembershipError {
      throw json.mismatch(expected: "a possible membership (\(error))")
    } catch let error as JSONError {
      throw error
    } catch {
      preconditionFailure("neither of the two errors: \(error)")
    }
  }

  /// Reads `{"1":…,"2":…}`.
  static func members(_ nodes: JSONNode) throws(JSONError) -> [Member] {
    var members: [Member] = []
    for (name, info) in try nodes.members() {
      members.append(try NodeInfo(json: info, id: NodeID(name: name, of: nodes)).member)
    }
    return members
  }

  private static func leavingRule(of json: JSONNode) throws(JSONError) -> LeavingRule {
    guard let node = try json.optional("leaving") else { return .retain }
    let variant = try JSONVariant(node)
    guard variant.name == "Drop" else { throw variant.unknown("{\"Drop\":[…]}") }
    return .drop(except: try [NodeID](json: try variant.required()))
  }

  private static func terms(of json: JSONNode) throws(JSONError) -> Terms {
    var terms = Terms()
    terms.cluster = try json.optional("cluster", as: ClusterID.self)
    if let rule = try json.optional("leadership_rule") {
      terms.leadershipRule = try Self.rules.value(of: rule)
    }
    terms.largestPromise = try json.optional("largest_promise")?.duration()
    terms.featureLevel = try json.optional("feature_level")?.integer(as: UInt32.self) ?? 1
    return terms
  }

  private static let rules = JSONWords<LeadershipRule>(words: [
    "ManyPerTerm": .manyPerTerm, "OnePerTerm": .onePerTerm,
  ])
}

extension JSONWriter {
  /// Writes the members `configs` and `nodes`.
  mutating func members(configurations: [[NodeID]], nodes: [Member]) {
    self.member("configs", configurations)
    self.member("nodes") { writer in
      writer.object { writer in
        for member in nodes { writer.member(String(member.id.rawValue), NodeInfo(member)) }
      }
    }
  }
}

extension JSONNode {
  /// A length of time in nanoseconds.
  func duration() throws(JSONError) -> Int64 {
    let value = try self.int64()
    guard value >= 0 else { throw self.mismatch(expected: "a length of time in nanoseconds") }
    return value
  }
}

extension LoggedMembership: JSONShape {
  /// Writes `{"log_id":…,"membership":…}`; before any membership is known,
  /// `{"log_id":null,"membership":{"configs":[],"nodes":{}}}`.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("log_id", self.logID)
      writer.member("membership") { writer in
        if let membership = self.membership {
          writer.write(membership)
        } else {
          writer.object { $0.members(configurations: [], nodes: []) }
        }
      }
    }
  }

  /// Reads `{"log_id":…,"membership":…}`.
  public init(json: JSONNode) throws(JSONError) {
    let membership = try json["membership"]
    guard let logID = try json.optional("log_id", as: LogID.self) else {
      var configurations = try membership["configs"].elements()
      guard configurations.next() == nil else {
        throw json.mismatch(expected: "a log id for a membership with voters")
      }
      self = .none
      return
    }
    self.init(logID: logID, membership: try Membership(json: membership))
  }
}
