/// How soon a voter stands for election, compared with the others.
public enum ElectionPriority: UInt8, Hashable, Sendable, CaseIterable {
  /// It stands as soon as its election timeout ends.
  case usual = 0
  /// It waits one largest election timeout longer, so that it leads only if nobody else can.
  case reluctant = 1
  /// It stands only when it is asked to: by the application or by a leader that steps back.
  case never = 2
}
