import RaftFiles
import Testing

@Suite("Paths")
struct FilePathTests {
  @Test(
    "A name is joined to its directory by one slash",
    arguments: [("a", "b", "a/b"), ("a/", "b", "a/b"), ("/", "b", "/b"), ("", "b", "b")])
  func joins(directory: String, name: String, path: String) {
    #expect(FilePath.joining(directory, name) == path)
  }

  @Test(
    "A path is cut before its last component",
    arguments: [
      ("/a/b", "/a", "b"), ("/a/b/", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("/", "/", "/"),
      ("a//b", "a", "b"), ("//", "/", "/"),
    ])
  func cuts(path: String, parent: String, last: String) {
    #expect(FilePath.parent(of: path) == parent)
    #expect(FilePath.lastComponent(of: path) == last)
  }

  @Test("An error says what could not be done, why, and what helps")
  func describes() {
    #expect(
      FileError(.lock, "/d/lock", .locked(byPID: 12)).description
        == "cannot lock /d/lock: process 12 holds the lock; stop it first")
    #expect(
      FileError(.write, "/d/a", .init(errno: 28)).description
        == "cannot write /d/a: no space left on the device; free some, then start again")
    #expect(
      FileError(.open, "/d", .init(errno: 21)).description
        == "cannot open /d: Is a directory (errno 21)")
  }
}
