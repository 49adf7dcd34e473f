import Glibc
import RaftCommandLine
import Testing

@testable import raft_kv

@Suite("Damaged data is put aside")
struct RebuildingTests {
  private func options(data: String) throws -> ServeOptions {
    let words = [
      "serve", "--id", "1", "--api-addr", "a:1", "--raft-addr", "a:2", "--data", data,
      "--rebuild-from", "b:1",
    ]
    guard case .serve(let options) = try Invocation(words) else {
      throw Failure(.usage, "no server")
    }
    return options
  }

  @Test("Without servers to ask, or without a folder, nothing is put aside")
  func notWanted() throws {
    var options = try self.options(data: "d")
    options.rebuildFrom = []
    #expect(Rebuilding(options) == nil)
    options = try self.options(data: "d")
    options.data = nil
    #expect(Rebuilding(options) == nil)
  }

  @Test("Each damaged folder is kept, and a mark stays until the server is in again")
  func setAside() throws {
    let folder = try TemporaryFolder(prefix: "raft-kv-tests-")
    defer { folder.remove() }
    let data = folder.path + "/data"
    let rebuilding = try #require(Rebuilding(try self.options(data: data)))
    #expect(!rebuilding.isUnderWay)
    for number in 1...2 {
      #expect(mkdir(data, 0o700) == 0)
      #expect(Output.write("\(number)", toFile: data + "/IDENTITY"))
      #expect(try rebuilding.setAside() == "\(data).damaged-\(number)")
      #expect(rebuilding.isUnderWay)
      #expect(access(data, F_OK) != 0)
      #expect(
        FileContent.bytes(of: "\(data).damaged-\(number)/IDENTITY") == Array("\(number)".utf8))
    }
  }
}
