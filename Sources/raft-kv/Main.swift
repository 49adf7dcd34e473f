import RaftCommandLine
import RaftHTTP

/// The program: reads the command line, does what it says, and exits with a status that tells how
/// it went.
@main
enum Main {
  /// How the program is called.
  static let program = "raft-kv"

  /// The main thread does nothing but wait for signals; the work is done elsewhere.
  static func main() {
    let run = ProgramRun(Self.program)
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
    } catch {
      run.refuse(error)
    }
    run.perform(
      parent: invocation.parent, invocation.endsInOrder ? .stopsInOrder : .endsAtOnce
    ) { stop throws(Failure) in
      try await Self.report(on: invocation, until: stop)
    }
  }

  private static func report(
    on invocation: Invocation, until stop: Promise<ExitCode>
  ) async throws(Failure) -> Report {
    switch invocation {
    case .help(let verb):
      return Report(output: verb?.help ?? Guide.overview)
    case .serve(let options):
      return try await ServeVerb(options: options).serve(until: stop)
    case .demo(let options):
      return try await DemoVerb(options: options).play(until: stop)
    case .put(let key, let value, let options):
      return try await options.withClient { client throws(ClientError) in
        try await KeyVerbs(client: client, format: options.format).put(key, value)
      }
    case .get(let key, let options):
      return try await options.withClient { client throws(ClientError) in
        try await KeyVerbs(client: client, format: options.format).get(key)
      }
    case .compareAndSet(let key, let version, let value, let options):
      return try await options.withClient { client throws(ClientError) in
        try await KeyVerbs(client: client, format: options.format)
          .compareAndSet(key, version, value)
      }
    case .status(let options):
      return try await options.withClient { client throws(ClientError) in
        await StatusVerb(client: client, format: options.format).status()
      }
    case .join(let id, let api, let raft, let role, let options):
      return try await options.withClient { client throws(ClientError) in
        try await client.join(id, api: api, raft: raft, as: role)
        return Report(output: "server \(id) is a voter\n")
      }
    case .leave(let id, let options):
      return try await options.withClient { client throws(ClientError) in
        try await client.leave(id)
        return Report(output: "server \(id) is no member\n")
      }
    case .transfer(let target, let options):
      return try await options.withClient { client throws(ClientError) in
        try await TransferVerb(client: client, format: options.format).transfer(to: target)
      }
    case .refill(let id, let options):
      return try await options.withClient { client throws(ClientError) in
        try await client.allowLogReversion(of: id)
        return Report(output: "server \(id) gets what it lost\n")
      }
    case .recover(let options):
      return try await RecoverVerb(options: options).recover()
    case .steer(let verb):
      return try await verb.options.withClient { client throws(ClientError) in
        try await verb.perform(with: client)
      }
    case .load(let path, let concurrency, let options):
      return try await options.withClient { client throws(Failure) in
        try await LoadVerb(client: client, format: options.format, concurrency: concurrency)
          .load(path)
      }
    }
  }
}

extension Invocation {
  /// Whether the work has something to put in order when it is interrupted.
  fileprivate var endsInOrder: Bool {
    switch self {
    case .serve, .demo: true
    case .help, .put, .get, .compareAndSet, .status, .join, .leave, .transfer, .refill,
      .recover, .steer, .load:
      false
    }
  }

  /// The process that started this one and with which it shall end.
  fileprivate var parent: Int32? {
    if case .serve(let options) = self { options.parent } else { nil }
  }
}
