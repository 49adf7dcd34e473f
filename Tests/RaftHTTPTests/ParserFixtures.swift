import RaftHTTP

/// What a parser made of some bytes: the messages that were complete, and the error that ended it.
struct Reading<Head: Equatable>: Equatable {
  struct Message: Equatable {
    var head: Head
    var body: [UInt8] = []
    var isComplete = false
  }

  var messages: [Message] = []
  var error: MalformedMessage?
}

/// Cuts bytes at the positions given.
func pieces(of bytes: [UInt8], cutAt cuts: [Int]) -> [[UInt8]] {
  var pieces: [[UInt8]] = []
  var start = 0
  for cut in cuts + [bytes.count] {
    pieces.append(Array(bytes[start..<cut]))
    start = cut
  }
  return pieces
}

func readRequests(_ pieces: [[UInt8]], limits: HTTPLimits = .api) -> Reading<RequestHead> {
  var parser = RequestParser(limits: limits)
  var reading = Reading<RequestHead>()
  for piece in pieces {
    piece.withUnsafeBytes { input in
      var offset = 0
      do throws(MalformedMessage) {
        while let event = try parser.next(in: input, at: &offset) {
          switch event {
          case .head(let head): reading.messages.append(.init(head: head))
          case .body(let range): reading.messages[reading.messages.count - 1].body += input[range]
          case .end: reading.messages[reading.messages.count - 1].isComplete = true
          }
        }
        precondition(offset == input.count, "\(input.count - offset) bytes were left over")
      } catch {
        reading.error = error
      }
    }
  }
  // How far a body came before an error depends on the pieces; that it is incomplete does not.
  if reading.error != nil, let last = reading.messages.last, !last.isComplete {
    reading.messages[reading.messages.count - 1].body = []
  }
  return reading
}

func readResponse(
  _ pieces: [[UInt8]], to method: HTTPMethod = .get, limits: HTTPLimits = .api
) -> Reading<ResponseHead> {
  var parser = ResponseParser(limits: limits, to: method)
  var reading = Reading<ResponseHead>()
  for piece in pieces where reading.messages.last?.isComplete != true {
    piece.withUnsafeBytes { input in
      var offset = 0
      do throws(MalformedMessage) {
        while let event = try parser.next(in: input, at: &offset) {
          switch event {
          case .head(let head): reading.messages.append(.init(head: head))
          case .body(let range): reading.messages[0].body += input[range]
          case .end:
            reading.messages[0].isComplete = true
            return
          }
        }
      } catch {
        reading.error = error
      }
    }
  }
  if reading.messages.last?.isComplete != true, reading.error == nil {
    do throws(MalformedMessage) {
      try parser.connectionEnded()
      reading.messages[0].isComplete = true
    } catch {
      reading.error = error
    }
  }
  if reading.error != nil, !reading.messages.isEmpty { reading.messages[0].body = [] }
  return reading
}
