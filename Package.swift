// swift-tools-version: 6.2
import PackageDescription

/// One language for every room of the house: Swift 6 mode, the upcoming features, no warnings.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func room(_ name: String, on lower: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: lower, swiftSettings: house)
}

func tests(
  of name: String, with others: [Target.Dependency] = [], besides folders: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestPace"] + others,
    exclude: folders, swiftSettings: house)
}

extension Target.Dependency {
  /// A target that is used only if the trait is on, and otherwise needs nothing installed.
  static func rocksDB(_ name: String) -> Self {
    .target(name: name, condition: .when(traits: ["RocksDB"]))
  }
}

// A target imports only targets of lower floors; ARCHITECTURE.md draws the house.
let package = Package(
  name: "swift-raft",
  products: [
    .library(name: "Raft", targets: ["Raft"]),
    .library(name: "RaftMemoryStore", targets: ["RaftMemoryStore"]),
    .library(name: "RaftFileStore", targets: ["RaftFileStore"]),
    .library(name: "RaftRocksDBStore", targets: ["RaftRocksDBStore"]),
    .library(name: "RaftHTTPTransport", targets: ["RaftHTTPTransport"]),
    .library(name: "RaftHTTP", targets: ["RaftHTTP"]),
    .library(name: "RaftStoreCoding", targets: ["RaftStoreCoding"]),
    .library(name: "RaftFiles", targets: ["RaftFiles"]),
    .library(name: "RaftStoreTesting", targets: ["RaftStoreTesting"]),
    .library(name: "RaftSimulator", targets: ["RaftSimulator"]),
    .executable(name: "raft-sim", targets: ["raft-sim"]),
    .executable(name: "raft-kv", targets: ["raft-kv"]),
    .executable(name: "raft-bench", targets: ["raft-bench"]),
    .executable(name: "raftctl", targets: ["raftctl"]),
    .executable(name: "raft-chaos", targets: ["raft-chaos"]),
    .library(name: "raft-faults", type: .dynamic, targets: ["CRaftFaults"]),
    .executable(name: "sensor-fleet", targets: ["sensor-fleet"]),
  ],
  traits: [
    .trait(
      name: "RocksDB",
      description: "Stores in RocksDB: RaftRocksDBStore has content. Needs the system's librocksdb."
    )
  ],
  targets: [
    // Floor 0: nothing below but the system.
    .target(name: "CRaftEpoll"),
    .target(name: "CRaftChecksum"),
    .target(name: "CRaftFiles"),
    .target(name: "CRaftBench"),
    .target(name: "CRaftSanitizer"),
    .target(name: "CRaftFaults"),
    .systemLibrary(name: "CRocksDB"),
    room("RaftConcurrency"),
    room("RaftEngine"),
    room("RaftFiles", on: ["CRaftFiles"]),
    room("RaftJSON"),
    room("RaftSockets", on: ["CRaftEpoll", "RaftConcurrency"]),
    // Floor 1: the runtime and its public face; HTTP.
    room("Raft", on: ["RaftEngine", "RaftConcurrency"]),
    room("RaftHTTP", on: ["RaftSockets"]),
    // Floor 2: bytes.
    room("RaftCodec", on: ["RaftEngine", "CRaftChecksum"]),
    // Floor 3: stores and transports.
    room("RaftMemoryStore", on: ["Raft", "RaftCodec", "RaftConcurrency"]),
    room("RaftFileStore", on: ["Raft", "RaftCodec", "RaftFiles", "RaftConcurrency"]),
    // Empty unless the trait is on.
    room(
      "RaftRocksDBStore",
      on: ["Raft", "RaftCodec", "RaftFiles", "RaftConcurrency", .rocksDB("CRocksDB")]),
    room("RaftStoreCoding", on: ["Raft", "RaftCodec"]),
    room(
      "RaftHTTPTransport", on: ["Raft", "RaftCodec", "RaftConcurrency", "RaftHTTP", "RaftJSON"]),
    // Floor 4: products for tests.
    room("RaftStoreTesting", on: ["Raft", "RaftFiles", "RaftMemoryStore", "RaftConcurrency"]),
    room("RaftSimulator", on: ["Raft", "RaftEngine", "RaftMemoryStore", "RaftConcurrency"]),
    // Floor 4: what the executables have in common.
    room("RaftCommandLine", on: ["RaftConcurrency", "CRaftSanitizer"]),
    room("SensorFleetModel", on: ["RaftJSON"]),
    // Floor 5: executables.
    .executableTarget(
      name: "raft-sim", dependencies: ["RaftSimulator", "Raft", "RaftCommandLine"],
      swiftSettings: house),
    .executableTarget(
      name: "raft-kv",
      dependencies: [
        "Raft", "RaftMemoryStore", "RaftFileStore", "RaftFiles", "RaftHTTP", "RaftHTTPTransport",
        "RaftJSON", "RaftConcurrency", "RaftCommandLine", .rocksDB("RaftRocksDBStore"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "raft-bench",
      dependencies: [
        "Raft", "RaftEngine", "RaftMemoryStore", "RaftFileStore", "RaftFiles", "RaftConcurrency",
        "RaftJSON", "RaftCommandLine", "CRaftBench", .rocksDB("RaftRocksDBStore"),
        .rocksDB("CRocksDB"),
      ],
      swiftSettings: house),
    // Servers run with the library raft-faults before the system's; this program is without it.
    .executableTarget(
      name: "raft-chaos",
      dependencies: [
        "Raft", "RaftSimulator", "RaftHTTP", "RaftHTTPTransport", "RaftJSON", "RaftFiles",
        "RaftConcurrency", "RaftCommandLine",
      ],
      swiftSettings: house),
    .executableTarget(
      name: "raftctl",
      dependencies: ["Raft", "RaftFileStore", "RaftHTTPTransport", "RaftJSON", "RaftCommandLine"],
      swiftSettings: house),
    .executableTarget(
      name: "sensor-fleet",
      dependencies: [
        "Raft", "RaftFileStore", "RaftHTTP", "RaftHTTPTransport", "RaftJSON", "RaftConcurrency",
        "RaftFiles", "RaftCommandLine", "SensorFleetModel",
      ],
      swiftSettings: house),
    // Tests.
    .target(name: "TestPace", path: "Tests/TestPace", swiftSettings: house),
    tests(of: "RaftEngine", besides: ["Parity/Fixtures"]),
    tests(of: "RaftFiles", with: ["RaftStoreTesting"]),
    tests(of: "RaftJSON"),
    tests(of: "RaftSockets"),
    tests(of: "RaftHTTP"),
    tests(
      of: "Raft",
      with: [
        "RaftMemoryStore", "RaftFileStore", "RaftFiles", "RaftStoreTesting", "RaftConcurrency",
      ]),
    tests(of: "RaftCodec"),
    tests(of: "RaftStoreCoding", with: ["Raft"]),
    tests(of: "RaftMemoryStore", with: ["RaftStoreTesting", "RaftConcurrency"]),
    tests(of: "RaftFileStore", with: ["RaftStoreTesting"], besides: ["Fixtures"]),
    // Empty unless the trait is on.
    tests(
      of: "RaftRocksDBStore",
      with: [
        "Raft", "RaftFiles", "RaftStoreTesting", .rocksDB("CRocksDB"),
      ],
      besides: ["Fixtures"]),
    tests(
      of: "RaftHTTPTransport", with: ["RaftConcurrency", "RaftMemoryStore", "RaftStoreTesting"]),
    tests(
      of: "RaftSimulator",
      with: ["raft-sim", "RaftCommandLine", "RaftStoreTesting", "RaftConcurrency"],
      besides: ["Transcripts"]),
    tests(of: "RaftCommandLine", with: ["RaftConcurrency"]),
    tests(of: "SensorFleetModel", with: ["RaftJSON"]),
    .testTarget(
      name: "SensorFleetTests",
      dependencies: [
        "sensor-fleet", "TestPace", "SensorFleetModel", "Raft", "RaftCommandLine", "RaftFiles",
        "RaftHTTP", "RaftJSON", "RaftSimulator", "RaftStoreTesting",
      ],
      swiftSettings: house),
    .testTarget(
      name: "RaftControlTests",
      dependencies: [
        "raftctl", "Raft", "RaftCommandLine", "RaftFileStore", "RaftFiles", "RaftJSON",
      ],
      swiftSettings: house),
    .testTarget(
      name: "RaftChaosTests",
      dependencies: [
        "raft-chaos", "RaftCommandLine", "RaftConcurrency", "RaftFiles", "RaftSimulator",
      ],
      swiftSettings: house),
    .testTarget(
      name: "RaftKVTests",
      dependencies: [
        "raft-kv", "Raft", "RaftMemoryStore", "RaftCommandLine", "RaftFileStore", "RaftHTTP",
        "RaftJSON", "RaftConcurrency", .rocksDB("RaftRocksDBStore"),
      ],
      swiftSettings: house),
  ]
)
