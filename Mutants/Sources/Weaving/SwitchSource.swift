/// What is generated beside the woven sources of a module.
package enum SwitchSource {
  /// The switch, a precondition that can be switched off, and the operators of the mutants.
  package static func text(operations: [(number: Int, MechanicalMutant.Operation)]) -> String {
    Self.head + operations.map { Self.text($0.number, $0.1) }.joined()
  }

  private static let head = """
    package enum Mutation {
      /// The number of the mutant that is switched on; 0 for none.
      nonisolated(unsafe) package static var active = 0
      /// Whether the preconditions hold a run up.
      nonisolated(unsafe) package static var hasPreconditions = true
    }

    @inline(__always)
    func precondition(
      _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = ""
    ) {
      guard Mutation.hasPreconditions else { return }
      Swift.precondition(condition(), message())
    }

    """

  private static func text(_ number: Int, _ operation: MechanicalMutant.Operation) -> String {
    let name = Graft.operatorName(number)
    let isOn = "Mutation.active == \(number)"
    let (precedence, generic) =
      switch operation {
      case .less, .lessOrEqual, .greater, .greaterOrEqual: ("Comparison", "Comparable")
      case .equal, .unequal: ("Comparison", "Equatable")
      case .and: ("LogicalConjunction", "")
      case .or: ("LogicalDisjunction", "")
      case .plusOne, .minusOne: ("Addition", "AdditiveArithmetic")
      }
    var text = "\ninfix operator \(name): \(precedence)Precedence\n"
    switch operation {
    case .and, .or:
      text += """
        @inline(__always)
        func \(name) (one: Bool, other: @autoclosure () -> Bool) -> Bool {
          \(isOn) ? one \(operation.replacement) other() : one \(operation.rawValue) other()
        }

        """
    case .plusOne, .minusOne:
      let sign = operation == .plusOne ? "+" : "-"
      text += """
        @inline(__always)
        func \(name) <T: \(generic)>(one: T, other: T) -> T {
          \(isOn) ? one : one \(sign) other
        }

        """
      if operation == .plusOne {
        text += """
          @inline(__always)
          func \(name) (one: LogIndex, other: Int) -> LogIndex {
            \(isOn) ? one : one + other
          }

          """
      }
    default:
      text += """
        @inline(__always)
        func \(name) <T: \(generic)>(one: T, other: T) -> Bool {
          \(isOn) ? one \(operation.replacement) other : one \(operation.rawValue) other
        }

        """
      if generic == "Equatable" {
        text += """
          @inline(__always)
          func \(name) <T>(one: T?, other: _OptionalNilComparisonType) -> Bool {
            \(isOn) ? one \(operation.replacement) other : one \(operation.rawValue) other
          }

          """
      }
    }
    return text
  }
}
