import Testing

@testable import RaftSimulator

/// The table of scenarios and commands beside the transcripts, held to what there is.
@Suite("The index of transcripts")
struct TranscriptIndexTests {
  private static let index = TranscriptFiles.text("\(TranscriptFiles.folder)/README.md") ?? ""

  /// The names in back quotes of the lines that begin like this.
  private static func names(inRow start: String) -> [String] {
    self.index.split(separator: "\n").filter { $0.hasPrefix(start) }
      .flatMap { $0.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 } }
      .map { String($0.element) }
  }

  @Test("Every scenario from S1 to S95 has its row, and says where it is shown or will be")
  func rows() {
    for number in 1...95 {
      let rows = Self.index.split(separator: "\n").filter { $0.hasPrefix("| S\(number) |") }
      #expect(rows.count == 1, "S\(number)")
      let last = rows.first?.split(separator: "|").last ?? ""
      #expect(last.contains("`") || last.contains("with "), "S\(number) is nowhere")
    }
  }

  @Test("Every transcript stands in the rows of its scenarios, and in no other")
  func files() throws {
    for name in TranscriptFiles.names {
      let scenarios = try TranscriptFiles.transcript(name).scenarios
      for scenario in scenarios {
        #expect(Self.names(inRow: "| \(scenario) |").contains(name), "\(name) in \(scenario)")
      }
      let rows = Self.index.split(separator: "\n").filter {
        $0.hasPrefix("| S") && $0.contains("`\(name)`")
      }
      #expect(rows.count == scenarios.count, "\(name)")
      #expect(!scenarios.isEmpty || Self.names(inRow: "Beyond these:").contains(name), "\(name)")
    }
  }

  @Test("Every file that a row names is there")
  func targets() {
    for name in Self.names(inRow: "| S") + Self.names(inRow: "Beyond these:") {
      let path =
        name.hasSuffix(".swift")
        ? "\(TranscriptFiles.folder)/../../\(name)" : TranscriptFiles.path(name)
      #expect(TranscriptFiles.text(path) != nil, "\(name)")
    }
  }

  @Test("The reference has every command with its form and its meaning")
  func commands() {
    for word in CommandWord.allCases {
      let form = word.form.replacing("|", with: "\\|")
      #expect(Self.index.contains("| `\(form)` | \(word.meaning) |"), "\(word.rawValue)")
    }
  }

  @Test("Few transcripts are for one of the simulators only")
  func exceptions() throws {
    let names = try TranscriptFiles.names.filter {
      try TranscriptFiles.transcript($0).simulators.count == 1
    }
    #expect(names.count * 5 < TranscriptFiles.names.count)
  }
}
