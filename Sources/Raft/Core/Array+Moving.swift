extension Array {
  /// Reverses the order; unlike `reverse()` it copies no element, and so counts no references.
  @inline(__always)
  mutating func reverseByMoving() {
    guard self.count > 1 else { return }
    self.withUnsafeMutableBufferPointer { elements in
      var (first, last) = (0, elements.count - 1)
      while first < last {
        elements.swapAt(first, last)
        first += 1
        last -= 1
      }
    }
  }
}
