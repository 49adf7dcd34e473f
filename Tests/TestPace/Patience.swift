internal import Glibc

extension Duration {
  /// A limit or a timer of a test that has others running beside it: as it is, or ten times as long
  /// where the thread sanitizer makes all of them slow.
  public var patient: Duration { self * slowness }
}

/// The sanitizer's library is there from the start, or never.
private let slowness = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "__tsan_init") == nil ? 1 : 10
