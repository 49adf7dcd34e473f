/// A path on a simulated disk, in the one spelling that its journal uses.
///
/// Every path starts at the root, a relative one too; "." and empty components vanish, and ".."
/// takes one away.
struct DiskPath: Hashable {
  private(set) var components: [String] = []

  init(_ path: String) {
    for component in path.split(separator: "/") {
      switch component {
      case ".": continue
      case "..": _ = self.components.popLast()
      default: self.components.append(String(component))
      }
    }
  }

  private init(components: some Sequence<String>) {
    self.components = Array(components)
  }

  /// The last component, or `nil` for the root.
  var name: String? { self.components.last }

  var parent: DiskPath { DiskPath(components: self.components.dropLast()) }

  /// The path and those above it, the root left out, the topmost first.
  var levels: [DiskPath] {
    self.components.indices.map { DiskPath(components: self.components[...$0]) }
  }
}

extension DiskPath: CustomStringConvertible {
  var description: String { "/" + self.components.joined(separator: "/") }
}
