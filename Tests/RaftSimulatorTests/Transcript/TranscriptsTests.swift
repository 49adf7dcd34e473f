import Glibc
import RaftSimulator
import TestPace
import Testing

/// `RECORD=1 swift test --filter TranscriptsTests` writes the replies of the engines down; a second
/// run shows whether the nodes give the same.
@Suite("Transcripts", .longRun)
struct TranscriptsTests {
  @Test("Engines reply what is written", arguments: TranscriptFiles.names)
  func engines(name: String) throws {
    let transcript = try TranscriptFiles.transcript(name)
    guard transcript.simulators.contains(.engines) else { return }
    let report = transcript.play(on: .engines)
    if TranscriptFiles.isRecording, report.failure == nil {
      #expect(TranscriptFiles.write(report.recorded, to: TranscriptFiles.path(name)))
    } else {
      #expect(report.isRight, "\(report)")
    }
  }

  @Test(
    "Nodes reply the same", .enabled(if: !TranscriptFiles.isRecording),
    arguments: TranscriptFiles.names)
  func nodes(name: String) async {
    let reports = await Self.nodeReports.value
    #expect(reports.contains("\(name): right"), "\(Self.excerpt(of: reports, name))")
  }

  /// What one process says that plays all transcripts on nodes: its executor must be there before
  /// any task is.
  private static let nodeReports = Task { await Self.playOnNodes() }

  private static func playOnNodes() async -> [String] {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      SimulatedExecutor.install()
      for name in TranscriptFiles.names {
        Self.say("\(name): begins")
        let transcript = try TranscriptFiles.transcript(name)
        guard transcript.simulators.contains(.nodes) else {
          Self.say("\(name): right")
          continue
        }
        let report = transcript.play(on: .nodes)
        Self.say(report.isRight ? "\(name): right" : "\(report)")
      }
    }
    let text = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  /// Says it at once: the process may end at any moment.
  private static func say(_ text: String) {
    var line = text + "\n"
    line.withUTF8 { _ = Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }

  private static func excerpt(of reports: [String], _ name: String) -> String {
    let lines = reports.drop { $0 != "\(name): begins" }.dropFirst()
      .prefix { !$0.hasSuffix(": begins") }
    return lines.isEmpty ? "the process ended in or before this one" : lines.joined(separator: "\n")
  }
}
