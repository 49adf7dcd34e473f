/// Named values in the order in which they are written.
///
/// Each name is there once. The order counts for equality, as it does for the bytes. Names are
/// equal if their code points are. Looking up goes through the members in order.
public struct JSONObject: Hashable, Sendable {
  /// One named value of an object.
  public struct Member: Hashable, Sendable {
    /// The name, unique in its object.
    public let name: String

    /// The value.
    public fileprivate(set) var value: JSON
  }

  /// The members in order.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// The value with this name, or `nil` if there is none.
  ///
  /// A value set under a new name becomes the last member, under a known name it takes the old
  /// one's place, and `nil` removes the member.
  public subscript(name: String) -> JSON? {
    get { self.position(of: name).map { self.members[$0].value } }
    set {
      switch (self.position(of: name), newValue) {
      case (let position?, let value?): self.members[position].value = value
      case (let position?, nil): self.members.remove(at: position)
      case (nil, let value?): self.append(value, named: name)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member whose name is known to be new.
  mutating func append(_ value: JSON, named name: String) {
    self.members.append(Member(name: name, value: value))
  }

  private func position(of name: String) -> Int? {
    self.members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// The members of a literal, in its order; a name must not appear twice.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    for (name, value) in elements {
      precondition(self[name] == nil, "the object has two members named \"\(name)\"")
      self.append(value, named: name)
    }
  }
}
