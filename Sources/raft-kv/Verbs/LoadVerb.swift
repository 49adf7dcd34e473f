import RaftCommandLine
import RaftConcurrency
import RaftJSON

/// The verb that puts every line of every text file under a path.
struct LoadVerb {
  let client: KVClient
  let format: ClientOptions.Format
  let concurrency: Int
  var progress = ProgressLine()

  private struct Tally {
    var lines = 0
    var repeated = 0
  }

  /// Loads, and reports how much and how fast.
  func load(_ path: String) async throws(Failure) -> Report {
    let source = try LineSource(path: path)
    let total = source.census.lines
    let tally = Guarded(Tally())
    let start = ContinuousClock.now
    let loader = Loader(client: self.client, source: source, concurrency: self.concurrency)
    let progress = self.progress
    do throws(ClientError) {
      try await loader.run { _, receipt in
        let lines = tally.withLock { tally in
          tally.lines += 1
          if receipt.isRepeated { tally.repeated += 1 }
          return tally.lines
        }
        progress.show("\(lines) of \(total) lines")
      }
    } catch {
      progress.clear()
      let failure = Failure(error)
      let done = tally.withLock { $0.lines }
      throw Failure(
        failure.code,
        "stopped after \(done) of \(total) lines; loading again is safe: \(failure)")
    }
    progress.clear()
    return self.report(
      source.census, tally.withLock { $0 }, took: start.duration(to: .now))
  }

  private func report(
    _ census: LineSource.Census, _ tally: Tally, took duration: Duration
  ) -> Report {
    let seconds = duration / .seconds(1)
    if self.format == .json {
      let json: JSON = [
        "lines": .number(JSONNumber(tally.lines)), "files": .number(JSONNumber(census.files)),
        "repeated": .number(JSONNumber(tally.repeated)),
        "skipped_files": .number(JSONNumber(census.otherFiles)),
        "skipped_lines": .number(JSONNumber(census.longLines)),
        "milliseconds": .number(JSONNumber(Int(seconds * 1000))),
      ]
      return Report(output: json.text() + "\n")
    }
    let rate = Int(Double(tally.lines) / max(seconds, 0.001))
    var output = """
      \(counted(tally.lines, "line")) of \(counted(census.files, "file")) put in \
      \(seconds.rounded(to: 1)) s, \(rate) a second

      """
    if census.otherFiles > 0 {
      output += "passed over: \(counted(census.otherFiles, "file")) of no readable UTF-8 text\n"
    }
    if census.longLines > 0 {
      let limit = LineSource.lineMax >> 10
      output += "passed over: \(counted(census.longLines, "line")) longer than \(limit) KiB\n"
    }
    if tally.repeated > 0 {
      output += "\(counted(tally.repeated, "write")) sent again after an unknown outcome\n"
    }
    return Report(output: output)
  }
}
