import Raft

extension Timeline {
  /// Something that lasts.
  struct Span: Hashable {
    enum Kind: String {
      case down
      case paused
      case diskStalls
      /// Messages between nodes of different groups are lost.
      case cut
    }

    let kind: Kind
    /// The node; `nil` for a cut.
    let node: NodeID?
    /// The first and the last moment, as places in the order of all that happened.
    let from: Int
    let upTo: Int
    /// For a cut: the links that carry nothing.
    var links: [TraceMark.Link] = []
  }

  /// What lasted, and how long.
  var spans: [Span] {
    var spans: [Span] = []
    var down: [NodeID: Int] = [:]
    var cut: (from: Int, links: [TraceMark.Link])?
    for fault in self.faults {
      let order = fault.moment.order
      switch (fault.mark, fault.node) {
      case (.linksCut(let links), _):
        if let cut, !cut.links.isEmpty {
          spans.append(Span(kind: .cut, node: nil, from: cut.from, upTo: order, links: cut.links))
        }
        cut = (order, links)
      case (.wentDown, .some(let node)):
        down[node] = order
      case (.cameUp, .some(let node)):
        if let from = down.removeValue(forKey: node) {
          spans.append(Span(kind: .down, node: node, from: from, upTo: order))
        }
      case (.paused(let time), .some(let node)):
        spans.append(self.span(.paused, of: node, from: order, untilTime: time))
      case (.diskStalls(let time), .some(let node)):
        spans.append(self.span(.diskStalls, of: node, from: order, untilTime: time))
      default:
        continue
      }
    }
    if let cut, !cut.links.isEmpty {
      spans.append(Span(kind: .cut, node: nil, from: cut.from, upTo: self.end, links: cut.links))
    }
    for (node, from) in down.sorted(by: { $0.key < $1.key }) {
      spans.append(Span(kind: .down, node: node, from: from, upTo: self.end))
    }
    return spans.sorted { ($0.from, $0.upTo) < ($1.from, $1.upTo) }
  }

  /// A trouble of one node that ends by itself, or with the node's life, or with all troubles.
  private func span(
    _ kind: Span.Kind, of node: NodeID, from: Int, untilTime time: Int64
  ) -> Span {
    var end = self.order(atTime: time)
    for fault in self.faults where fault.moment.order > from {
      switch fault.mark {
      case .wentDown where fault.node == node, .cameUp where fault.node == node, .troublesEnd:
        end = min(end, fault.moment.order)
      default:
        continue
      }
    }
    return Span(kind: kind, node: node, from: from, upTo: end)
  }

  /// The place of the first step that is not before a time.
  private func order(atTime time: Int64) -> Int {
    var low = 0
    var high = self.steps.count
    while low < high {
      let middle = (low + high) / 2
      if self.steps[middle].moment.time < time { low = middle + 1 } else { high = middle }
    }
    return low < self.steps.count ? self.steps[low].moment.order : self.end
  }

  /// The groups of nodes that still reach each other both ways, each in ascending order.
  static func groups(of nodes: [NodeID], without links: [TraceMark.Link]) -> [[NodeID]] {
    let cut = Set(links)
    var groups: [[NodeID]] = []
    for node in nodes {
      let isNear = { (other: NodeID) in
        !cut.contains(TraceMark.Link(from: node, to: other))
          && !cut.contains(TraceMark.Link(from: other, to: node))
      }
      let near = groups.filter { $0.contains(where: isNear) }
      groups.removeAll { $0.contains(where: isNear) }
      groups.append((near.flatMap(\.self) + [node]).sorted())
    }
    return groups.sorted { $0[0] < $1[0] }
  }
}
