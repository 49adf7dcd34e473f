// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// A package of its own: nothing that is shipped knows of it. It makes plain pages of the sites that
// the documentation compiler builds, which need a server and a program in the browser.
let package = Package(
  name: "pages",
  targets: [
    .target(name: "StaticPages", swiftSettings: house),
    .executableTarget(name: "pages", dependencies: ["StaticPages"], swiftSettings: house),
    .testTarget(name: "StaticPagesTests", dependencies: ["StaticPages"], swiftSettings: house),
  ]
)
