import RaftJSON

/// A measured number, written with three decimals.
struct Figure: CustomStringConvertible, JSONWritable {
  let value: Double

  init(_ value: Double) {
    self.value = value
  }

  var description: String {
    let thousandths = Int((self.value * 1000).rounded())
    let rest = String(abs(thousandths) % 1000)
    let zeros = String(repeating: "0", count: 3 - rest.count)
    return "\(thousandths / 1000).\(zeros)\(rest)"
  }

  func write(to writer: inout JSONWriter) {
    guard let number = JSONNumber((self.value * 1000).rounded() / 1000) else {
      writer.null()
      return
    }
    writer.write(number)
  }
}
