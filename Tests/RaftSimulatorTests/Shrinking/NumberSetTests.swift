import RaftSimulator
import Testing

@Suite("Sets of numbers in words")
struct NumberSetTests {
  @Test(
    "Are read as they are written",
    arguments: [("none", []), ("3", [3]), ("3,7-9", [3, 7, 8, 9]), ("1-2,4", [1, 2, 4])])
  func reading(text: String, numbers: [Int]) {
    #expect(NumberSet(numbers).description == text)
    #expect(NumberSet(text) == NumberSet(numbers.reversed()))
    #expect((0...10).filter { NumberSet(numbers).contains($0) } == numbers)
  }

  @Test(
    "Are nothing else",
    arguments: [
      "", ",", "0", "-3", "3-", "7-3", "3,3", "9,2", "1-2-3", "x", "3, 4", "9223372036854775807",
    ])
  func refusals(text: String) {
    #expect(NumberSet(text) == nil)
  }

  @Test("Neighbours are one range, however they were written")
  func neighbours() {
    #expect(NumberSet("1-3,4")?.description == "1-4")
    #expect(NumberSet("1-3,4") == NumberSet([1, 2, 3, 4]))
  }
}
