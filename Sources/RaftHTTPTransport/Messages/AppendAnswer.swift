internal import Raft
internal import RaftHTTP
internal import RaftJSON

/// The answer to an append: a body of one word, and headers for what the word has no room for.
///
/// The body is `"Success"` if the logs agree through the request's end,
/// `{"PartialSuccess":LogID|null}` if through another position, `"Conflict"`, or
/// `{"HigherVote":Vote}`. Where a conflict lies, the receiver's incarnation, its state's digest and
/// the age of its oldest write travel as headers.
struct AppendAnswer {
  let response: AppendResponse
  /// The position of the request's last entry, or the one before its first.
  let end: LogID?
}

extension AppendAnswer: JSONWritable {
  func write(to writer: inout JSONWriter) {
    switch self.response.outcome {
    case .matched(self.end): writer.string("Success")
    case .matched(let through): writer.variant("PartialSuccess", through)
    case .conflict: writer.string("Conflict")
    case .higherVote(let vote): writer.variant("HigherVote", vote)
    }
  }

  var headers: HTTPHeaders {
    var headers = HTTPHeaders()
    if let incarnation = self.response.incarnation {
      headers.append(RaftHeader.incarnation, incarnation.description)
    }
    if case .conflict(let rejected, let hint) = self.response.outcome {
      headers.append(RaftHeader.rejected, String(decoding: rejected.jsonBytes(), as: UTF8.self))
      headers.append(RaftHeader.hint, String(decoding: hint.jsonBytes(), as: UTF8.self))
    }
    if let digest = self.response.digest {
      headers.append(RaftHeader.digest, "\(digest.index):\(Hexadecimal.text(digest.value))")
    }
    if self.response.flushAge != 0 {
      headers.append(RaftHeader.flushAge, String(self.response.flushAge))
    }
    return headers
  }

  init(json: JSONNode, headers: HTTPHeaders, end: LogID?) throws(MessageFault) {
    self.end = end
    self.response = AppendResponse(
      outcome: try Self.outcome(json, headers, end: end),
      incarnation: try headers.incarnation(RaftHeader.incarnation),
      digest: try headers.single(
        RaftHeader.digest, as: "an index, a colon and sixteen hexadecimal digits", Self.digest),
      flushAge: try headers.number(RaftHeader.flushAge, as: UInt32.self) ?? 0)
  }

  private static func outcome(
    _ json: JSONNode, _ headers: HTTPHeaders, end: LogID?
  ) throws(MessageFault) -> AppendOutcome {
    let name: String
    do throws(JSONError) {
      let variant = try JSONVariant(json)
      name = variant.name
      switch name {
      case "Success": return .matched(through: end)
      case "PartialSuccess": return .matched(through: try LogID?(json: try variant.required()))
      case "HigherVote": return .higherVote(try Vote(json: try variant.required()))
      case "Conflict": break
      default: throw variant.unknown("how an append was taken, such as \"Success\"")
      }
    } catch {
      throw MessageFault(error)
    }
    return .conflict(
      rejected: try headers.position(RaftHeader.rejected),
      hint: try headers.position(RaftHeader.hint))
  }

  private static func digest(_ text: String) -> StateDigest? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let index = UInt64(parts[0]), String(index) == parts[0],
      index <= largestOrdinal, let value = Hexadecimal.number(parts[1])
    else { return nil }
    return StateDigest(index: LogIndex(index), value: value)
  }
}

extension AppendRequest {
  /// The position of the last entry, or the one before the first if there is none.
  var end: LogID? { self.entries.last?.lastLogID ?? self.header.previous }
}
