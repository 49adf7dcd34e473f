import RaftCommandLine

/// A cost that could grow as the work grows.
enum Curve: String, CaseIterable, Sendable {
  /// More members.
  case members
  /// Larger commands.
  case payload
  /// A log of ten million entries, of which none is purged.
  case log
  /// A follower that hears everything late.
  case slow
  /// A learner that gets all of the log while clients write.
  case learner

  /// One measurement of the curve.
  struct Point {
    let label: String
    let options: InProcessOptions
    var measured: [Measured] = []
  }

  var title: String {
    switch self {
    case .members: "Processor time of one write, by the number of members"
    case .payload: "Processor time of one write, by the size of the command"
    case .log: "Processor time of one write, by the length of the log"
    case .slow: "Processor time of one write, by how late one follower hears"
    case .learner: "Processor time of one write, while a learner gets the log"
    }
  }

  /// What the label of a point says.
  var axis: String {
    switch self {
    case .members: "members"
    case .payload: "bytes"
    case .log: "million entries"
    case .slow: "ms late"
    case .learner: "part"
    }
  }

  /// Whether one measurement gives the whole curve, part by part.
  var isOneRun: Bool { self == .log || self == .learner }

  /// What is measured for it, with this executor.
  func points(_ executor: InProcessOptions.Executor) -> [Point] {
    var options = InProcessOptions.sample
    options.executor = executor
    switch self {
    case .members:
      return [1, 3, 5, 7].map { count in
        options.members = count
        return Point(label: "\(count)", options: options)
      }
    case .payload:
      let sizes = [
        (0, 1_000_000), (32, 1_000_000), (256, 1_000_000), (4096, 200_000), (65_536, 20_000),
      ]
      return sizes.map { size, operations in
        options.payloadBytes = size
        options.operations = operations
        return Point(label: "\(size)", options: options)
      }
    case .log:
      options.operations = 10_000_000
      options.keepsLog = true
      options.parts = 10
      return [Point(label: "", options: options)]
    case .slow:
      return [0, 1, 5, 20].map { delay in
        options.delay = delay
        return Point(label: "\(delay)", options: options)
      }
    case .learner:
      options.operations = 6_000_000
      options.keepsLog = true
      options.hasJoiner = true
      options.parts = 12
      return [Point(label: "", options: options)]
    }
  }
}

extension InProcessOptions {
  /// 256 clients and a million commands.
  fileprivate static var sample: InProcessOptions {
    do throws(UsageError) {
      return try InProcessOptions([])
    } catch {
      preconditionFailure("no options at all are wrong: \(error.problem)")
    }
  }
}

extension InProcessOptions.Executor {
  var title: String {
    switch self {
    case .stock: "stock executor"
    case .single: "one thread"
    }
  }
}
