/// The arithmetic of paths: components joined by single slashes.
///
/// Paths are plain strings everywhere in this module; this is the one place that cuts and joins
/// them.
public enum FilePath {
  /// The path of a name inside a directory.
  public static func joining(_ directory: String, _ name: String) -> String {
    if directory.isEmpty { return name }
    return directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }

  /// The directory that holds the path's last component: "." for a bare name, "/" for the root.
  public static func parent(of path: String) -> String {
    let trimmed = Self.withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return trimmed == "/" ? "/" : "." }
    let parent = Self.withoutTrailingSlashes(trimmed[..<slash])
    return parent.isEmpty ? "/" : String(parent)
  }

  /// The path's last component: "/" for the root.
  public static func lastComponent(of path: String) -> String {
    let trimmed = Self.withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/"), trimmed.count > 1 else { return String(trimmed) }
    return String(trimmed[trimmed.index(after: slash)...])
  }

  private static func withoutTrailingSlashes(_ path: some StringProtocol) -> Substring {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    return trimmed
  }
}
