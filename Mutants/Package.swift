// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// A package of its own: nothing that is shipped knows of it.
let package = Package(
  name: "mutants",
  targets: [
    .target(name: "Weaving", swiftSettings: house),
    .executableTarget(name: "mutants", dependencies: ["Weaving"], swiftSettings: house),
    .testTarget(name: "WeavingTests", dependencies: ["Weaving"], swiftSettings: house),
  ]
)
