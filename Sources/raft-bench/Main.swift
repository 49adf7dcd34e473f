import Glibc
import RaftCommandLine

@main
enum Main {
  /// Not asynchronous: the executor of the process is chosen before any task is made.
  static func main() {
    do throws(UsageError) {
      try self.start(Array(CommandLine.arguments.dropFirst()))
    } catch {
      ProgramRun("raft-bench").refuse(error)
    }
  }

  private static func start(_ words: [String]) throws(UsageError) {
    switch words.first {
    case nil, "help", "--help", "-h":
      Output.write(Guide.text)
    case "in-process":
      let options = try InProcessOptions(Array(words.dropFirst()))
      if options.sweeps { self.sweep(options) }
      if options.executor == .single { SingleThreadExecutor.install() }
      self.measure(options)
      if options.executor == .single { SingleThreadExecutor.shared.run() }
      while true { pause() }
    case "log":
      self.measure(try LogOptions(Array(words.dropFirst())))
      while true { pause() }
    case "curves":
      self.measure(try CurvesOptions(Array(words.dropFirst())))
    case "engine":
      self.measure(try EngineOptions(Array(words.dropFirst())))
    case .some(let verb):
      throw UsageError("'\(verb)' is no verb; there are in-process, curves, engine and log")
    }
  }

  private static func sweep(_ options: InProcessOptions) -> Never {
    do throws(BenchFailure) {
      let lines = try Sweep(options: options).run()
      Output.write(Sweep.text(lines))
      try self.draw([Sweep.chart(lines)], options.plot)
      exit(0)
    } catch {
      self.fail(error)
    }
  }

  private static func draw(_ charts: [Chart], _ path: String?) throws(BenchFailure) {
    guard let path, !Output.write(Chart.svg(charts), toFile: path) else { return }
    throw BenchFailure("'\(path)' could not be written: \(String(cString: strerror(errno)))")
  }

  private static func measure(_ options: CurvesOptions) {
    do throws(BenchFailure) {
      let lines = try Curves(options: options).run()
      Output.write(
        options.format == .json
          ? Curves.json(lines, rounds: options.rounds) + "\n" : Curves.text(lines))
      try self.draw(Curves.charts(lines), options.plot)
    } catch {
      self.fail(error)
    }
  }

  private nonisolated static func measure(_ options: InProcessOptions) {
    Task.detached {
      do {
        let row = try await InProcessBench(options: options).run()
        Output.write(options.format == .json ? row.json + "\n" : row.text)
        exit(0)
      } catch {
        self.fail(error)
      }
    }
  }

  private nonisolated static func measure(_ options: LogOptions) {
    Task.detached {
      do {
        if let count = options.reopens {
          let row = try await ReopenBench(options: options, count: count).run()
          Output.write(options.format == .json ? row.json + "\n" : row.text)
        } else {
          let row = try await LogBench(options: options).run()
          Output.write(options.format == .json ? row.json + "\n" : row.text)
        }
        exit(0)
      } catch {
        self.fail(error)
      }
    }
  }

  private static func measure(_ options: EngineOptions) {
    do throws(BenchFailure) {
      let report = try EngineBench(options: options).run()
      Output.write(options.format == .json ? report.json + "\n" : report.text)
    } catch {
      self.fail(error)
    }
  }

  private nonisolated static func fail(_ error: any Error) -> Never {
    Output.complain("raft-bench: \(error)\n")
    exit(1)
  }
}
