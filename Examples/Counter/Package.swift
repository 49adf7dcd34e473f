// swift-tools-version: 6.2
// A package of its own, as an application's would be: a state machine, two log stores written by hand
// (`AppendLog`, one file on a disk, after the pages of the documentation alone), their tests, and a
// cluster. An application says where swift-raft comes from by `url:` instead of `path:`.
import PackageDescription

let package = Package(
  name: "Counter",
  dependencies: [
    .package(name: "swift-raft", path: "../..")
  ],
  targets: [
    .target(
      name: "Counter",
      dependencies: [.product(name: "Raft", package: "swift-raft")]),
    .target(
      name: "AppendLog",
      dependencies: [
        .product(name: "Raft", package: "swift-raft"),
        .product(name: "RaftStoreCoding", package: "swift-raft"),
      ]),
    .executableTarget(
      name: "count",
      dependencies: [
        "Counter", .product(name: "RaftMemoryStore", package: "swift-raft"),
      ]),
    .testTarget(
      name: "CounterTests",
      dependencies: [
        "Counter",
        .product(name: "RaftMemoryStore", package: "swift-raft"),
        .product(name: "RaftStoreTesting", package: "swift-raft"),
      ]),
    .testTarget(
      name: "AppendLogTests",
      dependencies: [
        "AppendLog",
        .product(name: "RaftFileStore", package: "swift-raft"),
        .product(name: "RaftFiles", package: "swift-raft"),
        .product(name: "RaftMemoryStore", package: "swift-raft"),
        .product(name: "RaftStoreTesting", package: "swift-raft"),
      ]),
  ]
)
