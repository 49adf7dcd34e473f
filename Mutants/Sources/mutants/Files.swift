import FoundationEssentials
import Weaving

/// The few things that are done with files and folders.
enum Files {
  static func text(of path: String) throws(MutantError) -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw MutantError("\(path) cannot be read: \(error)")
    }
  }

  /// Writes a file unless it holds this text already, so that builds see what has changed.
  static func write(_ text: String, to path: String) throws(MutantError) {
    if let known = try? String(contentsOfFile: path, encoding: .utf8), known == text { return }
    do {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw MutantError("\(path) cannot be written: \(error)")
    }
  }

  /// All files with this ending below a folder, as paths from there, sorted.
  static func names(below folder: String, ending: String) throws(MutantError) -> [String] {
    do {
      return try FileManager.default.subpathsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(ending) }.sorted()
    } catch {
      throw MutantError("\(folder) cannot be read: \(error)")
    }
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
