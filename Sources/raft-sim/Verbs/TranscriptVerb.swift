import Glibc
import RaftCommandLine
import RaftSimulator

/// `transcript`: plays scenarios that are written down, and compares what comes with what is
/// written.
struct TranscriptVerb: Equatable {
  var files: [String] = []
  /// What to play on; `nil` for everything that the file allows.
  var simulator: TranscriptSimulator?
  /// Whether files get the replies that came.
  var isRecording = false

  /// Reads the words behind the verb.
  init(_ rest: some Sequence<String>) throws(UsageError) {
    for word in rest {
      switch word {
      case "--engines": self.simulator = .engines
      case "--nodes": self.simulator = .nodes
      case "--record": self.isRecording = true
      case _ where word.hasPrefix("--"):
        throw UsageError(
          "unknown option \(word); this verb knows --engines, --nodes, --record")
      default: self.files.append(word)
      }
    }
    guard !self.files.isEmpty else { throw UsageError("which transcript? No file is named") }
  }

  /// Plays all files; returns the exit status.
  func run() -> Int32 {
    SimulatedExecutor.install()
    var wrong = 0
    for file in self.files {
      guard let text = Self.read(file) else {
        Output.complain("raft-sim: \(file) cannot be read\n")
        wrong += 1
        continue
      }
      do throws(TranscriptError) {
        if try !self.play(try Transcript(named: file, text: text), text) { wrong += 1 }
      } catch {
        Output.complain("\(error)\n")
        wrong += 1
      }
    }
    Output.write("\(self.files.count) transcripts, \(wrong) wrong\n")
    return wrong == 0 ? 0 : 1
  }

  /// Plays one transcript; whether all went as written.
  private func play(
    _ transcript: Transcript, _ text: String
  ) throws(TranscriptError) -> Bool {
    var transcript = transcript
    var isRight = true
    for simulator in transcript.simulators where self.simulator ?? simulator == simulator {
      let report = transcript.play(on: simulator)
      // The first simulator's replies are what the second one must repeat.
      if self.isRecording, simulator == transcript.simulators[0], report.failure == nil {
        if report.recorded != text, !Output.write(report.recorded, toFile: transcript.name) {
          Output.complain("raft-sim: \(transcript.name) cannot be written\n")
          isRight = false
        }
        transcript = try Transcript(named: transcript.name, text: report.recorded)
      } else if !report.isRight {
        Output.complain("\(report)\n")
        isRight = false
      }
    }
    return isRight
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}
