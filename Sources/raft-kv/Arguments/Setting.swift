import Raft
import RaftCommandLine

/// A field of the configuration, as an option of a server.
struct Setting: Sendable {
  /// What the options are sorted by in the help.
  enum Group: String, CaseIterable, Sendable {
    case elections = "Elections and heartbeats"
    case sending = "Sending"
    case requests = "Reads, writes and their bounds"
    case snapshots = "Snapshots and the log"
    case stopping = "Handing over and stopping"
    case looking = "Looking inside"
  }

  /// The field's name.
  let field: String
  /// How the option is called and what the help says of it.
  let option: Guide.Option
  /// Takes the option's value, if it is there.
  let take: @Sendable (Arguments, inout Configuration) throws(UsageError) -> Void

  private init(
    _ field: String, _ value: String, _ group: Group, _ text: String,
    _ take: @escaping @Sendable (String, Arguments, inout Configuration) throws(UsageError) -> Void
  ) {
    let name = Self.optionName(of: field)
    self.field = field
    self.option = Guide.Option(name, value, text, group: group.rawValue)
    self.take = { arguments, configuration throws(UsageError) in
      try take(name, arguments, &configuration)
    }
  }

  /// `isPreVoteEnabled` is `--pre-vote`, `snapshotAfter` is `--snapshot-after`.
  static func optionName(of field: String) -> String {
    var name = field[...]
    if name.hasPrefix("is"), name.hasSuffix("Enabled") { name = name.dropFirst(2).dropLast(7) }
    var words = ""
    for letter in name {
      if letter.isUppercase, !words.isEmpty { words += "-" }
      words += letter.lowercased()
    }
    return words
  }
}

// MARK: Kinds of values

extension Setting {
  /// The longest time that can be given, in milliseconds: an hour.
  private static let timeMax = 3_600_000

  /// A time in milliseconds.
  static func time(
    _ field: String, _ path: any WritableKeyPath<Configuration, Duration> & Sendable,
    _ group: Group,
    from least: Int = 1, _ text: String
  ) -> Setting {
    let standard = ServeOptions.configuration[keyPath: path] / .milliseconds(1)
    return Setting(field, "MS", group, "\(text) Default: \(Int(standard)).") {
      name, arguments, configuration throws(UsageError) in
      guard let time = try arguments.number(name, in: least...Self.timeMax) else { return }
      configuration[keyPath: path] = .milliseconds(time)
    }
  }

  /// A time in milliseconds, or 0 for what the text says.
  static func time(
    _ field: String, _ path: any WritableKeyPath<Configuration, Duration?> & Sendable,
    _ group: Group, _ text: String
  ) -> Setting {
    Setting(field, "MS", group, text) { name, arguments, configuration throws(UsageError) in
      guard let time = try arguments.number(name, in: 0...Self.timeMax) else { return }
      configuration[keyPath: path] = time == 0 ? nil : .milliseconds(time)
    }
  }

  /// A number.
  static func number(
    _ field: String, _ path: any WritableKeyPath<Configuration, Int> & Sendable, _ value: String,
    _ group: Group, from least: Int = 0, _ text: String
  ) -> Setting {
    let standard = ServeOptions.configuration[keyPath: path]
    return Setting(field, value, group, "\(text) Default: \(standard).") {
      name, arguments, configuration throws(UsageError) in
      guard let number = try arguments.number(name, in: least...Int(Int32.max)) else { return }
      configuration[keyPath: path] = number
    }
  }

  /// A number, or 0 for none.
  static func number(
    _ field: String, _ path: any WritableKeyPath<Configuration, Int?> & Sendable, _ value: String,
    _ group: Group, _ text: String
  ) -> Setting {
    let standard = ServeOptions.configuration[keyPath: path] ?? 0
    return Setting(field, value, group, "\(text) Default: \(standard).") {
      name, arguments, configuration throws(UsageError) in
      guard let number = try arguments.number(name, in: 0...Int(Int32.max)) else { return }
      configuration[keyPath: path] = number == 0 ? nil : number
    }
  }

  private enum OnOrOff: String, CaseIterable {
    case on
    case off
  }

  /// Something that is done or not.
  static func choice(
    _ field: String, _ path: any WritableKeyPath<Configuration, Bool> & Sendable, _ group: Group,
    _ text: String
  ) -> Setting {
    let standard = ServeOptions.configuration[keyPath: path] ? "on" : "off"
    return Setting(field, "on|off", group, "\(text) Default: \(standard).") {
      name, arguments, configuration throws(UsageError) in
      guard let word = try arguments.choice(name, of: OnOrOff.self) else { return }
      configuration[keyPath: path] = word == .on
    }
  }

  /// One of some words, each of which stands for a value; the first one is the default.
  static func word<Value: Sendable>(
    _ field: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ group: Group,
    of words: [(String, Value)], _ text: String
  ) -> Setting {
    let names = words.map(\.0)
    let values = names.joined(separator: "|")
    return Setting(field, values, group, "\(text) Default: \(names[0]).") {
      name, arguments, configuration throws(UsageError) in
      guard let word = arguments.value(name) else { return }
      guard let choice = words.first(where: { $0.0 == word }) else {
        throw arguments.error("--\(name) must be \(names.joined(separator: " or ")), not '\(word)'")
      }
      configuration[keyPath: path] = choice.1
    }
  }

  /// Several times in milliseconds, with commas between.
  static func times(
    _ field: String, _ path: any WritableKeyPath<Configuration, [Duration]> & Sendable,
    _ group: Group, _ text: String
  ) -> Setting {
    Setting(field, "MS,MS,…", group, text) { name, arguments, configuration throws(UsageError) in
      guard let text = arguments.value(name) else { return }
      var times: [Duration] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let time = Int(part), (1...Self.timeMax).contains(time) else {
          throw arguments.error(
            "--\(name) must be numbers from 1 to \(Self.timeMax) with commas between, not '\(text)'"
          )
        }
        times.append(.milliseconds(time))
      }
      configuration[keyPath: path] = times
    }
  }
}
