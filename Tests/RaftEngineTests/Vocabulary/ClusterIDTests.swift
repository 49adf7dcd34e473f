import RaftEngine
import Testing

@Suite("The cluster's identity as text")
struct ClusterIDTests {
  @Test(
    "What is printed can be read again",
    arguments: [
      ClusterID(high: 0, low: 0),
      ClusterID(high: 1, low: .max),
      ClusterID(high: .max, low: 1, generation: 1),
      ClusterID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210, generation: .max),
    ])
  func roundTrip(id: ClusterID) {
    #expect(ClusterID("\(id)") == id)
  }

  @Test("The text is 32 digits, and the generation once there is one")
  func form() {
    #expect("\(ClusterID(high: 1, low: 0xAB))" == "000000000000000100000000000000ab")
    #expect(
      "\(ClusterID(high: 1, low: 0xAB, generation: 3))" == "000000000000000100000000000000ab.3")
  }

  @Test(
    "A text of another form is refused",
    arguments: [
      "", ".", ".1", "0", "0000000000000001000000000000000", "000000000000000100000000000000ab0",
      "000000000000000100000000000000ab.", "000000000000000100000000000000ab.x",
      "000000000000000100000000000000ab.0", "000000000000000100000000000000ab.01",
      "000000000000000100000000000000ab.+1", "000000000000000100000000000000ab.-1",
      "000000000000000100000000000000ab.4294967296", "000000000000000100000000000000ab.1.1",
      "000000000000000100000000000000AB", "+00000000000000100000000000000ab",
      "0000000000000001+0000000000000ab", "-00000000000000000000000000000ab",
      "00000000000000010000000000000 ab", "00000000000000010000000000000äb",
      "000000000000000100000000000000ab ", "000000000000000100000000000000xy",
    ])
  func refusals(text: String) {
    #expect(ClusterID(text) == nil)
  }
}
