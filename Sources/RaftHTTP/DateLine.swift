import Glibc

/// The end of a status line and the Date field behind it, made anew once a second.
struct DateLine {
  private var second = 0
  private var bytes: [UInt8] = []

  /// The bytes for the present second.
  mutating func now() -> [UInt8] {
    let present = time(nil)
    if present != self.second || self.bytes.isEmpty {
      self.second = present
      self.bytes = Array("\r\nDate: \(DateLine.text(present))\r\n".utf8)
    }
    return self.bytes
  }

  /// The date in the form that HTTP wants (RFC 9110 §5.6.7).
  static func text(_ second: time_t) -> String {
    var moment = second
    var parts = tm()
    gmtime_r(&moment, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
    let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return "\(day) \(Int(parts.tm_year) + 1900) \(clock) GMT"
  }
}
