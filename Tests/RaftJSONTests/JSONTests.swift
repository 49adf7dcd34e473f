import RaftJSON
import Testing

@Suite("Trees")
struct JSONTests {
  @Test("Literals make the tree that their text makes")
  func literals() throws {
    let tree: JSON = [
      "a": nil, "b": true, "c": -3, "d": 0.5, "e": "x\(1)", "f": [1, [], [:]], "g": ["h": "i"],
    ]
    let text = #"{"a":null,"b":true,"c":-3,"d":0.5,"e":"x1","f":[1,[],{}],"g":{"h":"i"}}"#
    #expect(tree.text() == text)
    #expect("\(tree)" == text)
    #expect(try JSON(parsing: text) == tree)
    #expect(try JSON(parsing: tree.text(.indented)) == tree)
    #expect(tree["f"]?[0] == 1)
    #expect(tree["f"]?[3] == nil)
    #expect(tree["g"]?["h"] == "i")
    #expect(tree["x"] == nil)
    #expect(tree[0] == nil)
    #expect(JSON.null["a"] == nil)
  }

  @Test("An object keeps the order of its members through every change")
  func objects() {
    var object: JSONObject = ["z": 1, "a": 2]
    object["m"] = 3
    object["z"] = 4
    #expect(JSON.object(object).text() == #"{"z":4,"a":2,"m":3}"#)
    object["a"] = nil
    object["none"] = nil
    #expect(object.members.map(\.name) == ["z", "m"])
    #expect(object["m"] == 3)
    #expect(object != ["m": 3, "z": 4])
  }

  @Test("A number keeps its text, and takes only texts and values that JSON has")
  func numbers() {
    #expect(JSONNumber(text: "1.50")?.description == "1.50")
    for text in ["", "01", "1.", "+1", "1 ", " 1", "NaN", "0x1", "1e", "--1"] {
      #expect(JSONNumber(text: text) == nil, "\(text)")
    }
    #expect(JSONNumber(Double.infinity) == nil)
    #expect(JSONNumber(Double.nan) == nil)
    #expect(JSONNumber(-0.1)?.text == "-0.1")
    #expect(JSONNumber(Double.greatestFiniteMagnitude)?.double == .greatestFiniteMagnitude)
    #expect(JSONNumber(Double.leastNonzeroMagnitude)?.double == .leastNonzeroMagnitude)
    #expect(JSONNumber(text: "1e400")?.double == nil)
    #expect(JSONNumber(text: "12")?.integer(as: Int.self) == 12)
    #expect(JSONNumber(text: "12.0")?.integer(as: Int.self) == nil)
    #expect(JSONNumber(text: "1") != JSONNumber(text: "1.0"))
  }
}
