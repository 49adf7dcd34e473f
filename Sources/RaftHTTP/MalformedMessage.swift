/// Why a message cannot be read further, with the status that answers it.
package struct MalformedMessage: Error, Equatable {
  package let status: HTTPStatus
  package let reason: String

  init(_ status: HTTPStatus, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  static func bad(_ reason: String) -> MalformedMessage {
    MalformedMessage(.badRequest, reason)
  }

  static func tooManyFields(_ limits: HTTPLimits) -> MalformedMessage {
    MalformedMessage(
      .headerFieldsTooLarge, "more than \(limits.headerCount) header fields were sent")
  }

  static func fieldsTooLarge(_ limits: HTTPLimits) -> MalformedMessage {
    MalformedMessage(
      .headerFieldsTooLarge,
      "the header fields exceed the limit of \(limits.headerBytes) bytes")
  }

  static func bodyTooLarge(_ limits: HTTPLimits) -> MalformedMessage {
    MalformedMessage(
      .contentTooLarge, "the body exceeds the limit of \(limits.bodyBytes) bytes")
  }
}
