internal import Raft

/// What every log store must do between its opening and its closing.
public enum LogStoreSuite {
  /// The cases.
  public static let cases: [StoreCase] =
    opening + reading + limits + truncation + purging + compaction + content + application
    + completions + histories + readers + outlines

  /// What a store says that holds nothing yet.
  private static let opening: [StoreCase] = [
    StoreCase(
      "A fresh log store holds nothing but its incarnation",
      contract: "load says what the store holds"
    ) { bench in
      try bench.model.expectSame(bench.loaded)
    },
    StoreCase(
      "A fresh log has no entry to read",
      contract: "a read whose first entry was never there fails with kind missing"
    ) { bench in
      try await bench.expectMissing(0, because: "the log is empty")
      try await bench.expectMissing(5, because: "the log is empty")
    },
    StoreCase(
      "Every fresh log store is another incarnation",
      contract: "an incarnation is a random number made together with the node's data"
    ) { bench in
      let other = try await bench.loadedElsewhere().incarnation
      guard other == bench.loaded.incarnation else { return }
      throw Deviation(
        expected: "two incarnations of two fresh stores", found: "\(other) in both of them")
    },
  ]
}
