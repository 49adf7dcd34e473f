import RaftCommandLine
import RaftHTTP
import RaftJSON

/// The verb that prints what a device measured.
struct QueryVerb: Equatable, Sendable {
  let target: String
  let options: ClientOptions

  init(_ arguments: Arguments) throws(UsageError) {
    let device = arguments.operands[0]
    do throws(FieldError) {
      try Reading.check(name: device, of: "DEVICE")
    } catch {
      throw arguments.error("\(error)")
    }
    var parts = ["device=\(device)"]
    parts.append("from=\(try arguments.required("from"))")
    parts.append("to=\(try arguments.required("to"))")
    for name in ["value", "aggregate", "every"] {
      if let text = arguments.value(name) { parts.append("\(name)=\(text)") }
    }
    self.target = "/query?" + parts.joined(separator: "&")
    self.options = try ClientOptions(arguments)
  }

  func perform() async throws(Failure) -> Report {
    try await self.options.withClient { client in
      let response = try await client.ask(.get, self.target)
      let values = try JSONDocument(response.body).root["values"]
      var rows = [["TIME", "VALUE", "NUMBER"]]
      for (name, samples) in try values.members() {
        for sample in try samples.elements() {
          rows.append([
            String(try sample[0].int64()), name, "\(try sample[1].double())",
          ])
        }
      }
      return Report(output: TextTable.aligned(rows, left: 2))
    }
  }
}
