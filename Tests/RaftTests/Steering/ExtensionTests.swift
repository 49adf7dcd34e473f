import Raft
import Testing

@Suite("Values of the application that go along with a node")
struct ExtensionTests {
  private struct Address: Equatable, Sendable { let text: String }
  private struct Other: Equatable, Sendable { let number: Int }

  @Test("There is one value for each type; it can be replaced and taken away")
  func values() async throws {
    let solo = try SoloNode()
    let extensions = solo.node.extensions
    #expect(extensions[Address.self] == nil)
    extensions[Address.self] = Address(text: "a")
    extensions[Other.self] = Other(number: 1)
    let copy = solo.node
    #expect(copy.extensions[Address.self] == Address(text: "a"))
    copy.extensions[Address.self] = Address(text: "b")
    #expect(extensions[Address.self] == Address(text: "b"))
    extensions[Address.self] = nil
    #expect(copy.extensions[Address.self] == nil)
    #expect(copy.extensions[Other.self] == Other(number: 1))
    await solo.node.shutdown()
  }

  @Test("A default is kept when it is asked for, and made only if there is no value")
  func defaults() async throws {
    let solo = try SoloNode()
    let extensions = solo.node.extensions
    #expect(extensions[Other.self, default: Other(number: 1)] == Other(number: 1))
    #expect(extensions[Other.self, default: Other(number: 2)] == Other(number: 1))
    #expect(extensions[Other.self] == Other(number: 1))
    await solo.node.shutdown()
  }
}
