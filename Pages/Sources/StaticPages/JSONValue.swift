import FoundationEssentials

/// A value of the documentation compiler's output.
enum JSONValue: Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let bool = try? container.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The value under a name; null if there is none.
  subscript(name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members[name] ?? .null
  }

  /// The text, or an empty one.
  var text: String {
    guard case .text(let text) = self else { return "" }
    return text
  }

  /// The elements, or none.
  var list: [JSONValue] {
    guard case .list(let list) = self else { return [] }
    return list
  }

  /// The number, or zero.
  var number: Int {
    guard case .number(let number) = self else { return 0 }
    return Int(number)
  }
}
