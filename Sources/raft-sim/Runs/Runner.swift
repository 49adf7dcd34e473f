import Glibc
import RaftCommandLine
import RaftSimulator

/// Runs the scenarios of many seeds, in this process or in several of its kind.
///
/// Nodes are simulated one run at a time in a process, since the executor of their tasks is the
/// process's own; and a run that ends its process takes no other one with it.
struct Runner {
  private let scenario: Scenario
  private let seeds: ClosedRange<UInt64>
  private let jobs: Int
  /// Is told of every run, in no certain order if there are several jobs; `false` ends the rest.
  private let report: (SimulationReport) -> Bool

  init(
    _ scenario: Scenario, seeds: ClosedRange<UInt64>, jobs: Int,
    report: @escaping (SimulationReport) -> Bool
  ) {
    self.scenario = scenario
    self.seeds = seeds
    self.jobs = jobs
    self.report = report
  }

  /// Runs all; returns what went wrong with the processes, if something did.
  func run() -> String? {
    guard self.jobs > 1, self.seeds.lowerBound < self.seeds.upperBound else {
      for seed in self.seeds where !self.report(self.scenario.with(seed: seed).run()) { break }
      return nil
    }
    return self.runInProcesses()
  }

  private func runInProcesses() -> String? {
    let count = self.seeds.upperBound - self.seeds.lowerBound
    let size = max(1, min(16, count / UInt64(4 * self.jobs)))
    var next: UInt64? = self.seeds.lowerBound
    var workers: [Worker] = []
    while true {
      while workers.count < self.jobs, let first = next {
        let last = self.seeds.upperBound - first < size ? self.seeds.upperBound : first + size - 1
        next = last == self.seeds.upperBound ? nil : last + 1
        do throws(Failure) {
          workers.append(try Worker(first...last, of: self.scenario))
        } catch {
          for worker in workers { _ = worker.end() }
          return error.message
        }
      }
      guard !workers.isEmpty else { return nil }
      guard self.serve(&workers) else {
        for worker in workers { _ = worker.end() }
        return nil
      }
    }
  }

  /// Waits for lines of some workers; `false` if enough was reported.
  private func serve(_ workers: inout [Worker]) -> Bool {
    var polled = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), -1) > 0 else { return true }
    for place in workers.indices.reversed() where polled[place].revents != 0 {
      guard let lines = workers[place].lines() else {
        let worker = workers.remove(at: place)
        guard self.isWell(worker) else { return false }
        continue
      }
      for line in lines {
        guard let report = ReportLine.report(line, of: self.scenario) else { continue }
        workers[place].told(of: report.scenario.seed)
        guard self.report(report) else { return false }
      }
    }
    return true
  }

  /// A worker has closed its output: it told of everything, or was ended by a run.
  private func isWell(_ worker: Worker) -> Bool {
    let ending = worker.end()
    guard !worker.hasTold else { return true }
    let scenario = self.scenario.with(seed: worker.seeds.lowerBound)
    return self.report(
      SimulationReport(
        scenario: scenario, steps: 0, coverage: Coverage(), fingerprint: 0,
        violation: Violation(
          property: .soundCommands,
          evidence: "the run ended its process by \(ending ?? "closing its output")",
          scenario: scenario, step: 0, time: 0)))
  }
}
