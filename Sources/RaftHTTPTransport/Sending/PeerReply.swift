internal import Raft
internal import RaftHTTP
internal import RaftJSON

/// What a peer answered, once it is clear that it handled the message.
struct PeerReply {
  private let content: JSONNode
  private let headers: HTTPHeaders

  /// Takes what stands under `Ok`; throws whatever else the peer had to say.
  init(_ response: HTTPResponse, to route: RaftRoute) throws(TransportError) {
    guard response.status == .ok else { throw Self.failure(response, route) }
    let outcome: JSONVariant
    let content: JSONNode
    do throws(JSONError) {
      outcome = try JSONVariant(try JSONDocument(response.body).root)
      content = try outcome.required()
    } catch {
      throw .malformed(String(describing: error))
    }
    switch outcome.name {
    case "Ok":
      self.content = content
      self.headers = response.headers
    case "Err":
      throw .remote(Self.excerpt(content.fragment.bytes))
    default:
      throw .malformed(String(describing: outcome.unknown("{\"Ok\":…} or {\"Err\":…}")))
    }
  }

  /// The answer, read by `read`.
  func content<Answer>(
    _ read: (JSONNode, HTTPHeaders) throws(MessageFault) -> Answer
  ) throws(TransportError) -> Answer {
    do throws(MessageFault) {
      return try read(self.content, self.headers)
    } catch {
      throw .malformed(error.reason)
    }
  }

  /// The answer, whose body says all.
  func content<Answer: JSONShape>(as type: Answer.Type) throws(TransportError) -> Answer {
    do throws(JSONError) {
      return try Answer(json: self.content)
    } catch {
      throw .malformed(String(describing: error))
    }
  }

  private static func failure(_ response: HTTPResponse, _ route: RaftRoute) -> TransportError {
    switch response.status {
    case .notFound, .methodNotAllowed, .notImplemented:
      return .unsupported("POST \(route.rawValue): \(Self.excerpt(response.body[...]))")
    case .contentTooLarge:
      return .tooLarge("raise the limit of the peer's raft port")
    default:
      break
    }
    guard let error = Self.requestError(response) else {
      return .remote("HTTP \(response.status): \(Self.excerpt(response.body[...]))")
    }
    guard case .refused(let refusal) = error else {
      // The body says more than the error, such as where a message is malformed.
      return .remote(Self.excerpt(response.body[...]))
    }
    return .refused(refusal)
  }

  private static func requestError(_ response: HTTPResponse) -> RequestError? {
    guard let root = try? JSONDocument(response.body).root, let outcome = try? JSONVariant(root),
      outcome.name == "Err", let content = outcome.content
    else { return nil }
    return try? RequestError(json: content)
  }

  /// The beginning of what the peer said.
  private static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix(512), as: UTF8.self)
  }
}

extension TransportError {
  /// What became of a message whose request got no response.
  init(_ error: HTTPClientError) {
    let text = String(describing: error)
    self =
      switch error {
      case .timeout(_, .unknown): .timedOut
      case .badResponse, .tooLarge: .malformed(text)
      case .unreachable, .overloaded, .invalidRequest, .timeout(_, .notSent): .unreachable(text)
      case .cancelled(.notSent), .closed(.notSent): .unreachable(text)
      case .connectionLost, .cancelled(.unknown), .closed(.unknown): .connectionLost(text)
      }
  }
}
