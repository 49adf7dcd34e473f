import Glibc
import RaftHTTP

/// The program: reads the command line, does what it says, and exits with a status that tells how
/// it went.
@main
enum Main {
  /// The main thread does nothing but wait for signals; the work is done elsewhere.
  static func main() {
    let invocation: Invocation
    do throws(UsageError) {
      invocation = try Invocation(Array(CommandLine.arguments.dropFirst()))
    } catch {
      Console.complain(error.description)
      exit(error.code.rawValue)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
    if case .serve(let options) = invocation, let parent = options.parent {
      do throws(Failure) {
        try endWithParent(parent)
      } catch {
        Console.complain(error.message)
        exit(error.code.rawValue)
      }
    }
    let stop = Promise<ExitCode>()
    Task { @concurrent in
      let code = await Self.perform(invocation, until: stop)
      exit(code.rawValue)
    }
    Self.awaitSignals(&signals, invocation, stop)
  }

  /// The first signal asks the work to stop, if that takes more than ending; the next one ends it.
  private static func awaitSignals(
    _ signals: inout sigset_t, _ invocation: Invocation, _ stop: Promise<ExitCode>
  ) -> Never {
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      let code = number == SIGINT ? ExitCode.interrupted : .terminated
      guard invocation.endsInOrder, stop.current == nil else { exit(code.rawValue) }
      stop.keep(code)
    }
  }

  private static func perform(_ invocation: Invocation, until stop: Promise<ExitCode>) async
    -> ExitCode
  {
    do throws(Failure) {
      let report = try await Self.report(on: invocation, until: stop)
      Console.print(report.output)
      if let note = report.note { Console.complain(note) }
      return report.code
    } catch {
      Console.complain(error.message)
      return error.code
    }
  }

  private static func report(
    on invocation: Invocation, until stop: Promise<ExitCode>
  ) async throws(Failure) -> Report {
    switch invocation {
    case .help(let verb):
      return Report(output: verb.map { $0.guide.help(for: $0) } ?? Guide.overview)
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
}
