public import RaftJSON

/// The outcome of a request as every answer carries it: `{"Ok":…}` or `{"Err":…}`.
public enum Envelope<Value: JSONShape, Failure: JSONShape>: JSONShape {
  /// It was done.
  case success(Value)
  /// It was not, or its outcome is not known.
  case failure(Failure)

  /// Writes the envelope with its content.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .success(let value): writer.variant("Ok", value)
    case .failure(let failure): writer.variant("Err", failure)
    }
  }

  /// Reads the envelope with its content.
  public init(json: JSONNode) throws(JSONError) {
    let variant = try JSONVariant(json)
    switch variant.name {
    case "Ok": self = .success(try Value(json: try variant.required()))
    case "Err": self = .failure(try Failure(json: try variant.required()))
    default: throw variant.unknown("{\"Ok\":…} or {\"Err\":…}")
    }
  }
}

extension Envelope: Equatable where Value: Equatable, Failure: Equatable {}
extension Envelope: Sendable where Value: Sendable, Failure: Sendable {}

extension JSONWritable {
  /// The value's compact text in UTF-8.
  public func jsonBytes() -> [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.finish()
  }
}
