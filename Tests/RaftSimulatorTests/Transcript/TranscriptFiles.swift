import Glibc
import RaftSimulator

/// The transcripts beside the tests.
enum TranscriptFiles {
  /// Where they lie.
  static let folder =
    String(#filePath.prefix { _ in true })
    .split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    + "/Transcripts"

  /// The names of all transcripts, without their ending.
  static let names: [String] = {
    guard let directory = opendir(Self.folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".transcript") { names.append(String(name.dropLast(11))) }
    }
    return names.sorted()
  }()

  static func path(_ name: String) -> String { "\(Self.folder)/\(name).transcript" }

  static func text(_ path: String) -> String? {
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

  static func write(_ text: String, to path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    let isWritten = fputs(text, file) >= 0
    return fclose(file) == 0 && isWritten
  }

  static func transcript(_ name: String) throws -> Transcript {
    try Transcript(named: "\(name).transcript", text: Self.text(Self.path(name)) ?? "")
  }

  /// Whether the replies that come are to be written down.
  static var isRecording: Bool { getenv("RECORD").map { String(cString: $0) } == "1" }
}
