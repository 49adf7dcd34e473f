import Glibc
import StaticPages

/// Makes a copy of the documentation that opens from a disk, and checks every link in it.
///
/// Usage: pages OUTPUT NAME=SITE…
@main struct Main {
  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    guard let output = arguments.popFirst(), !arguments.isEmpty else {
      print("usage: pages OUTPUT NAME=SITE…")
      exit(64)
    }
    let sites = try arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        print("\(argument) is not NAME=SITE")
        exit(64)
      }
      return try Site(parts[0], in: parts[1])
    }
    let copy = Copy(of: sites)
    try copy.write(to: output)
    for text in copy.brokenLinks { print(text) }
    print("\(copy.pageCount) pages in \(output), \(copy.brokenLinks.count) broken links")
    exit(copy.brokenLinks.isEmpty ? 0 : 1)
  }
}
