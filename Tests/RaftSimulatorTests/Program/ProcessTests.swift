import TestPace
import Testing

@Suite("Runs in several processes", .longRun)
struct ProcessTests {
  @Test(
    "One seed leaves the same bytes, on one core and on two, whatever the hash seed",
    arguments: ["replay 5 --steps 700", "replay 3 --node --steps 4000"])
  func sameTrace(line: String) throws {
    let one = try SimulatorProcess.run(line + " --format json", cores: "0")
    let two = try SimulatorProcess.run(line + " --format json")
    #expect(one.status == 0 && two.status == 0)
    #expect(one.output == two.output)
    let lines = one.output.split(separator: "\n")
    for kind in ["input", "command", "state", "sent", "fault", "client"] {
      #expect(lines.contains { $0.contains("\"kind\":\"\(kind)\"") })
    }
    // Every state comes with its hash.
    for line in lines where line.contains("\"kind\":\"state\"") {
      #expect(line.contains("\"hash\":\""))
    }
  }

  @Test("No trace shows how Swift keeps a value", arguments: ["", " --node"])
  func plainWords(subject: String) throws {
    let result = try SimulatorProcess.run("replay 9 --steps 2500" + subject)
    #expect(result.status == 0)
    for sign in ["Raft", "Optional(", "nil", "(number:", "rawValue", "0x"] {
      let line = result.output.split(separator: "\n").first { $0.contains(sign) }
      #expect(line == nil)
    }
  }

  @Test("Several jobs run the same seeds to the same sums as one", arguments: ["", " --node"])
  func jobs(subject: String) throws {
    func sums(_ jobs: Int) throws -> String {
      let result = try SimulatorProcess.run(
        "run --seeds 1..6 --steps 600 --jobs \(jobs)\(subject)")
      #expect(result.status == 0)
      // How fast they were is not the same.
      return result.output.split(separator: "\n").filter { !$0.hasPrefix("steps/s") }
        .joined(separator: "\n")
    }
    let one = try sums(1)
    #expect(one.contains("fault: "))
    #expect(try sums(3) == one)
  }

  @Test("A command line that cannot be understood ends with 64 and a sentence")
  func usage() throws {
    let result = try SimulatorProcess.run("shrink soon")
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("raft-sim: a seed is a number, not 'soon'\n"))
  }
}
