internal import RaftJSON

/// How commands stand in JSON.
enum PayloadForm {
  /// Commands that are JSON stand there by their very bytes, others in base64.
  case embedded
  /// All commands stand there in base64.
  case base64

  /// The form for commands of this media type.
  init(mediaType: String) {
    self = mediaType == "application/json" ? .embedded : .base64
  }

  /// The command to be embedded; `nil` if it must be written in base64.
  func fragment(_ payload: ArraySlice<UInt8>) -> JSONFragment? {
    guard self == .embedded else { return nil }
    return try? JSONFragment(payload)
  }
}
